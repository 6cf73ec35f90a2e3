using System.Security.Cryptography;
using System.Text;
using Cutover.Core.Endpoints;
using Cutover.Core.Faults;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.OutlookAnywhere;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rpc;
using Microsoft.Extensions.Time.Testing;

namespace Cutover.Endpoints.Tests.OutlookAnywhere;

/// <summary>An Exchange server with Anna's mailbox and an administrator who reads it.</summary>
public sealed class SourceLab : IDisposable
{
    private const string Recipients = "/o=Contoso/ou=Exchange Administrative Group/cn=Recipients/cn=";
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly string directory = Directory.CreateTempSubdirectory("cutover-source-").FullName;

    public SourceLab(MapiVersion? version = null)
    {
        Store = ExchangeStore.Open(Path.Combine(directory, "exchange.db"), clock);
        Store.CreateMailbox(Administrator.LegacyExchangeDN, "Migration", "en-US");
        Anna = Store.CreateMailbox(Recipients + "anna", "Anna de Vries", "nl-NL");
        Helper = Store.CreateMailbox(Recipients + "helper", "Helper", "en-US");
        Server = new EmsmdbServer(Store, new EmsmdbOptions { Faults = Faults, ServerVersion = version ?? ServerBehaviour.Exchange2013, Clock = clock });
        Inbox = Anna.FolderOf(FolderRole.Inbox);
    }

    public static LabAccount Administrator { get; } = new("migration", "migration@contoso.com", "Passw0rd!", Recipients + "migration", HasFullAccessToAll: true);

    public static SourceMailbox AnnaMailbox { get; } = new(Recipients + "anna", "anna@contoso.com");

    public FaultSwitches Faults { get; } = new();

    public ExchangeStore Store { get; }

    public MailboxStore Anna { get; }

    /// <summary>Someone whom nobody gave any right.</summary>
    public MailboxStore Helper { get; }

    public EmsmdbServer Server { get; }

    public long Inbox { get; }

    /// <summary>What is read of Anna's mailbox by the sources opened from now on.</summary>
    public SourceReading Reading { get; set; } = new();

    /// <summary>The most bytes that one call may answer, so that a folder takes several.</summary>
    public uint MaximumOutput { get; set; } = EmsmdbInterface.UltraLargeOutput;

    public string SpoolDirectory => Path.Combine(directory, "spool");

    public FolderKey InboxKey => new($"{Anna.ReplicaGuid:N}-{Inbox:x12}");

    public Task<IMailboxSource> OpenAsync(LabAccount? caller = null) => OpenAsync(() => new InProcessRpcClient(Server, caller ?? Administrator), caller);

    /// <summary>The source over connections that the test makes, one after the other.</summary>
    public Task<IMailboxSource> OpenAsync(Func<IRpcClient> connect, LabAccount? caller = null)
    {
        async Task<MailboxLogon> Open(CancellationToken ct)
        {
            var options = new MapiSessionOptions((caller ?? Administrator).LegacyExchangeDN) { MaximumOutput = MaximumOutput };
            var session = await MapiSession.ConnectAsync(connect(), options, ct);
            return await MailboxLogon.OpenAsync(session, AnnaMailbox.LegacyExchangeDN, ct);
        }
        return OutlookAnywhereEndpoint.OpenSourceAsync(Open, AnnaMailbox, SpoolDirectory, default, Reading);
    }

    public IReadOnlyList<long> FillInbox(int count)
    {
        using var bulk = Store.BeginBulk();
        return [.. Enumerable.Range(1, count).Select(number => Anna.SaveMessage(Inbox, Message($"Message {number}"), isRead: number % 2 == 0))];
    }

    /// <summary>Lets a while pass in which nothing happens, so that changes of before can be told from those after it.</summary>
    public void Age() => clock.Advance(TimeSpan.FromMinutes(1));

    public FolderKey FolderKeyOf(long folder) => new($"{Anna.ReplicaGuid:N}-{folder:x12}");

    public ItemKey KeyOf(long message) => new($"{Anna.ReplicaGuid:N}-{message:x12}");

    public static MapiMessage Message(string subject, int attachmentSize = 0)
    {
        var message = new MapiMessage();
        message.Properties
            .Set(PropertyTags.MessageClass, "IPM.Note")
            .Set(PropertyTags.Subject, subject)
            .Set(PropertyTags.Body, Body(subject))
            .Set(PropertyTags.MessageDeliveryTime, new DateTime(2026, 3, 2, 8, 0, 0, DateTimeKind.Utc))
            .Set(PropertyName.Of(new Guid("00020329-0000-0000-C000-000000000046"), "Project"), PropertyType.String, "Noord");
        message.Recipients.Add(new PropertyBag()
            .Set(PropertyTags.RecipientType, 1)
            .Set(PropertyTags.DisplayName, "Boris Bakker")
            .Set(PropertyTags.EmailAddress, "boris@contoso.com"));
        if (attachmentSize > 0) message.Attachments.Add(Attachment(attachmentSize));
        return message;
    }

    /// <summary>The items up to the last checkpoint, that checkpoint, and what ended the reading.</summary>
    public async Task<(List<ItemKey> Keys, SyncState? State, MigrationFault? Fault)> ReadInboxAsync(IMailboxSource source, SyncState? since)
    {
        List<ItemKey> kept = [], open = [];
        SyncState? reached = null;
        try
        {
            await foreach (var change in source.GetChangesAsync(InboxKey, since, default))
            {
                if (change is Upserted { Item: var item })
                {
                    open.Add(item.Info.Key);
                    await item.DisposeAsync();
                }
                if (change is not Checkpoint { State: var state }) continue;
                (reached, kept, open) = (state, [.. kept, .. open], []);
            }
            return (kept, reached, null);
        }
        catch (MigrationFault fault)
        {
            return (kept, reached, fault);
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Some 4 KB that hardly compress, so that a few hundred messages need several calls.</summary>
    private static string Body(string subject) =>
        string.Concat(Enumerable.Range(0, 50).Select(i => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{subject} {i}")))));

    private static MapiAttachment Attachment(int size)
    {
        var attachment = new MapiAttachment();
        attachment.Properties
            .Set(PropertyTags.AttachMethod, 1)
            .Set(PropertyTags.AttachLongFilename, "figures.bin")
            .Set(PropertyTags.AttachDataBinary, Enumerable.Range(0, size).Select(i => (byte)(i * 31 + i / 256)).ToArray());
        return attachment;
    }
}
