using System.Text;
using System.Text.Json;
using Cutover.Cli;
using Cutover.Cli.Commands;
using Cutover.Lab;
using Cutover.Lab.Exchange.Store;
using Cutover.Server;
using MimeKit;

namespace Cutover.EndToEnd.Tests;

/// <summary><c>cutover mailbox</c> against the lab's Exchange, as an administrator types it; what the store holds is the judge.</summary>
public sealed class MailboxCommandTests(MailboxCommandTests.Lab lab) : IClassFixture<MailboxCommandTests.Lab>
{
    [Fact]
    public async Task The_tree_has_every_folder_with_its_counts()
    {
        var result = await RunAsync("tree", lab.Address, "--json");
        var shown = result.Json.EnumerateArray().Select(folder => (folder.GetProperty("path").GetString(), folder.GetProperty("items").GetInt64())).ToHashSet();
        foreach (var (path, folder) in lab.Folders()) Assert.Contains((path, folder.ItemCount), shown);
        Assert.Contains(lab.Address, (await RunAsync("tree", lab.Address)).Output);
    }

    [Fact]
    public async Task A_folder_is_listed_by_path_and_by_role()
    {
        var inbox = lab.Mailbox.FolderOf(SpecialFolder.Inbox);
        var byRole = (await RunAsync("ls", lab.Address, "Inbox", "--json")).Json.EnumerateArray().Select(item => item.GetProperty("subject").GetString());
        Assert.Equal(lab.Mailbox.Messages(inbox).Where(message => !message.IsAssociated).Select(message => message.Subject).Order(), byRole.Order());
        var path = lab.Folders().Single(folder => folder.Folder.Id == inbox).Path;
        Assert.Contains(path, (await RunAsync("ls", lab.Address, path)).Output);
    }

    [Fact]
    public async Task An_item_is_read_as_json_and_as_mime()
    {
        var item = (await RunAsync("ls", lab.Address, "Inbox", "--json")).Json.EnumerateArray().First();
        var id = item.GetProperty("id").GetString() ?? "";
        var subject = item.GetProperty("subject").GetString();

        var json = (await RunAsync("read", lab.Address, "Inbox", id)).Json;
        var property = json.GetProperty("properties").EnumerateArray().Single(property => property.TryGetProperty("tag", out var tag) && tag.GetString()?.StartsWith("0x0037", StringComparison.Ordinal) == true);
        Assert.Equal(("PidTagSubject", subject), (property.GetProperty("name").GetString(), property.GetProperty("value").GetString()));

        var eml = (await RunAsync("read", lab.Address, "Inbox", id, "--format", "eml")).Output;
        using var bytes = new MemoryStream(Encoding.UTF8.GetBytes(eml));
        Assert.Equal(subject, (await MimeMessage.LoadAsync(bytes)).Subject);
    }

    [Fact]
    public async Task A_folder_is_exported_once_and_nothing_of_the_source_changes()
    {
        var before = lab.Versions();
        using var folder = new TemporaryFolder();
        var first = await RunAsync("export", lab.Address, "Inbox", "--out", folder.Path);
        var files = Directory.GetFiles(folder.Path, "*.eml");
        Assert.Equal(lab.Mailbox.Messages(lab.Mailbox.FolderOf(SpecialFolder.Inbox)).Count(message => !message.IsAssociated), files.Length);
        Assert.Contains($"{files.Length} items", first.Output);
        Assert.Contains("0 items", (await RunAsync("export", lab.Address, "Inbox", "--out", folder.Path)).Output);
        Assert.Equal(before, lab.Versions());
    }

    [Fact]
    public async Task The_trace_tells_every_ROP_and_no_secret_and_no_content()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "trace.txt");
        var listed = await RunAsync("ls", lab.Address, "Inbox", "--json", "--trace", file);
        var trace = await File.ReadAllTextAsync(file);
        Assert.All(["RopLogon", "RopGetContentsTable", "RopQueryRows"], rop => Assert.Contains(rop, trace));
        Assert.DoesNotContain(lab.Password, trace);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(lab.Password))[..^2], trace);
        foreach (var item in listed.Json.EnumerateArray())
            if (item.GetProperty("subject").GetString() is { Length: > 8 } subject)
                Assert.DoesNotContain(subject, trace);
    }

    [Theory]
    [InlineData("nobody@contoso.com", "Inbox", "nobody@contoso.com")]
    [InlineData(null, "No/Such/Folder", "No/Such/Folder")]
    public async Task What_is_not_there_is_named(string? mailbox, string folder, string named)
    {
        var result = await CutoverProcess.RunAsync(["mailbox", "ls", mailbox ?? lab.Address, folder, "--settings", lab.Settings]);
        Assert.Equal(ExitCode.Failed, result.ExitCode);
        Assert.Contains(named, result.Errors);
    }

    [Fact]
    public async Task Without_an_account_the_command_says_what_to_give()
    {
        var result = await CutoverProcess.RunAsync("mailbox", "tree", lab.Address);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("--user", result.Errors);
    }

    private async Task<CutoverResult> RunAsync(params string[] arguments)
    {
        var result = await CutoverProcess.RunAsync(["mailbox", .. arguments, "--settings", lab.Settings]);
        Assert.True(result.ExitCode == ExitCode.Success, result.Errors);
        return result;
    }

    /// <summary>A small Contoso and one of its mailboxes.</summary>
    public sealed class Lab : IAsyncLifetime
    {
        private readonly TemporaryFolder folder = new();
        private ContosoLab? started;

        public string Settings { get; private set; } = "";

        public string Address { get; private set; } = "";

        public string Password => Started.Organisation.Administrator.Password;

        public MailboxStore Mailbox { get; private set; } = null!;

        private ContosoLab Started => started ?? throw new InvalidOperationException("The lab has not started.");

        public async ValueTask InitializeAsync()
        {
            var options = new LabOptions { WorkDirectory = Path.Combine(folder.Path, "lab"), Mailboxes = 5, ItemsPerMailbox = 60 };
            started = await ContosoLab.StartAsync(options, TestContext.Current.CancellationToken);
            Settings = Path.Combine(folder.Path, "cutover.json");
            await File.WriteAllTextAsync(Settings, JsonSerializer.Serialize(LabSettingsFile.Settings(started), SettingsJson.Default.CutoverSettings));
            Mailbox = started.Organisation.Mailboxes.Select(owner => started.Store.FindMailbox(owner.LegacyExchangeDN)).OfType<MailboxStore>()
                .MaxBy(mailbox => mailbox.Messages(mailbox.FolderOf(SpecialFolder.Inbox)).Count) ?? throw new InvalidOperationException("The lab has no mailbox.");
            Address = started.Organisation.Mailboxes.Single(owner => owner.LegacyExchangeDN == Mailbox.LegacyExchangeDN).PrimarySmtpAddress;
        }

        public async ValueTask DisposeAsync()
        {
            await Started.DisposeAsync();
            folder.Dispose();
        }

        /// <summary>The folders that the user sees, by path.</summary>
        internal IEnumerable<(string Path, StoredFolder Folder)> Folders() => Below(Mailbox.FolderOf(SpecialFolder.IpmSubtree), "");

        /// <summary>Every message with its version and read state.</summary>
        internal IReadOnlyList<MessageVersion> Versions() => [.. Folders().SelectMany(folder => Mailbox.Versions(folder.Folder.Id).Messages)];

        private IEnumerable<(string Path, StoredFolder Folder)> Below(long parent, string path) => Mailbox.Folders.Where(folder => folder.Parent == parent)
            .SelectMany(folder => Below(folder.Id, $"{path}{Written(folder.Name)}/").Prepend((path + Written(folder.Name), folder)));

        private static string Written(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
    }
}
