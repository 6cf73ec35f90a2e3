using System.Collections.Concurrent;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Lab.Faults;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Endpoints.Tests.Microsoft365;

/// <summary>Secrets and item content reach neither a log nor an exception, whatever goes wrong.</summary>
public sealed class SecretsTests
{
    private const string Subject = "Takeover-bid-for-Fabrikam";
    private const string Refused = Subject + ", refused";
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Nothing_secret_is_written_anywhere()
    {
        await using var lab = await TenantLab.StartAsync(options => options with { RefusesImport = subject => subject == Refused });
        var texts = new ConcurrentQueue<string>();
        await using var target = await lab.OpenMailboxAsync("anna");
        var inbox = await target.EnsureFolderAsync(new MailboxFolder(new FolderKey("i"), null, "Inbox", FolderRole.Inbox, "IPF.Note", 0), null, null, Ct);
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            foreach (var path in new[] { "createImportSession", "importItem", "exportItems", "/items", "token" })
            {
                lab.Faults.Add(new FaultRule(kind, path, Times: 30, Bytes: 10));
                await CollectAsync(texts, () => target.UploadAsync(TestItem.Note($"{kind}{path}", Subject), inbox, null, Ct));
                await CollectAsync(texts, () => target.FindAsync(inbox, new ItemKey("k"), Ct));
                await CollectAsync(texts, () => target.ExportAsync([new TargetItem("AAAA", "x")], Ct).ToListAsync().AsTask());
                lab.Faults.Clear();
            }
        }

        // The uploadUrl of an attachment carries a token, too.
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            lab.Faults.Add(new FaultRule(kind, "attachmentsessions", Times: 30, Bytes: 10));
            await CollectAsync(texts, () => target.UploadAsync(WithLargeFile(kind.ToString()), inbox, null, Ct));
            lab.Faults.Clear();
        }

        var passwords = new Passwords();
        var provisioner = await lab.OpenProvisionerAsync();
        lab.Faults.Add(new FaultRule(FaultKind.TooManyRequests, "POST /v1.0/users", Times: 100));
        await CollectAsync(texts, () => provisioner.ProvisionAsync(TenantLab.User("bob"), passwords, Ct));
        lab.Faults.Clear();
        await provisioner.ProvisionAsync(TenantLab.User("bob"), passwords, Ct);

        Assert.NotEmpty(texts);
        foreach (var text in texts.Concat(lab.Logs.Lines))
        {
            Assert.DoesNotContain(lab.ClientSecret, text);
            Assert.DoesNotContain(passwords.Last!, text);
            Assert.DoesNotContain("authtoken", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Subject, text, StringComparison.Ordinal);
        }
    }

    private static TestItem WithLargeFile(string key)
    {
        var file = new MapiAttachment();
        file.Properties.Set(PropertyTags.AttachMethod, 1).Set(PropertyTags.AttachLongFilename, "large.bin").Set(PropertyTags.AttachDataBinary, new byte[3_200_000]);
        var message = new MapiMessage();
        message.Properties.Set(PropertyTags.MessageClass, "IPM.Note").Set(PropertyTags.Subject, Refused);
        message.Attachments.Add(file);
        return new TestItem(message, key);
    }

    private static async Task CollectAsync(ConcurrentQueue<string> texts, Func<Task> operation)
    {
        try
        {
            await operation();
        }
        catch (MigrationFault fault)
        {
            texts.Enqueue($"{fault} {fault.NextStep}");
        }
    }
}
