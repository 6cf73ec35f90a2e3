using Cutover.Core.Endpoints;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>Everything that Contoso has: what the source gives must be what the store holds, item by item.</summary>
public sealed class ContosoReadingTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-contoso-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public Task Every_generated_item_is_read_as_the_store_holds_it() =>
        ReadAllAsync(new LabOptions { WorkDirectory = directory, Mailboxes = 5, ItemsPerMailbox = 25 });

    [Fact]
    public async Task Every_message_of_a_real_corpus_is_read_as_the_store_holds_it()
    {
        var corpus = SharedMaterial.Require("corpora/mail");
        await ReadAllAsync(new LabOptions { WorkDirectory = directory, Mailboxes = 5, CorpusDirectory = corpus });
    }

    private async Task ReadAllAsync(LabOptions options)
    {
        using var store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"));
        var organisation = ContosoGenerator.Create(options);
        ContosoMail.Fill(store, organisation, options);
        var server = new EmsmdbServer(store, new EmsmdbOptions());
        foreach (var mailbox in store.Mailboxes)
        {
            await using var source = await OpenAsync(server, organisation.Administrator, mailbox);
            await foreach (var folder in source.GetFoldersAsync(default))
            {
                Assert.True(LongTermId.TryParse(folder.Key.Value, out var id));
                await AssertSameAsync(source, folder, mailbox, (long)id.Counter);
            }
        }
    }

    private static async Task AssertSameAsync(IMailboxSource source, MailboxFolder folder, MailboxStore mailbox, long id)
    {
        var expected = mailbox.Messages(id).Where(message => !message.IsAssociated).OrderBy(message => message.Id)
            .Select(message => ($"{mailbox.ReplicaGuid:N}-{message.Id:x12}", DigestOf(mailbox, message.Id), message.IsRead, message.ItemClass)).ToList();
        var read = new List<(string, ContentDigest, bool, string)>();
        await foreach (var change in source.GetChangesAsync(folder.Key, null, default))
        {
            if (change is not Upserted { Item: var item }) continue;
            read.Add((item.Info.Key.Value, item.Digest, item.Info.IsRead, item.Info.ItemClass));
            await using (var stream = await item.OpenAsync(default)) Assert.Equal(item.Digest, (await ItemDigest.ReadAsync(stream, default)).Complete());
            await item.DisposeAsync();
        }
        Assert.Equal(expected, read.OrderBy(item => item.Item1, StringComparer.Ordinal));
        Assert.Equal(folder.ItemCount, read.Count);
    }

    private Task<IMailboxSource> OpenAsync(EmsmdbServer server, LabAccount administrator, MailboxStore mailbox)
    {
        async Task<MailboxLogon> Open(CancellationToken ct)
        {
            var session = await MapiSession.ConnectAsync(new InProcessRpcClient(server, administrator), new MapiSessionOptions(administrator.LegacyExchangeDN), ct);
            return await MailboxLogon.OpenAsync(session, mailbox.LegacyExchangeDN, ct);
        }
        return OutlookAnywhereEndpoint.OpenSourceAsync(Open, new SourceMailbox(mailbox.LegacyExchangeDN, mailbox.DisplayName), directory, default);
    }

    private static ContentDigest DigestOf(MailboxStore mailbox, long message)
    {
        var digest = new ItemDigest();
        MapiMessageWriter.Write(digest, mailbox.ReadMessage(message));
        return digest.Complete();
    }
}
