using System.Buffers.Binary;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Cutover.Lab.Exchange.Store;

/// <summary>
/// One mailbox. Its folders and messages are named by a counter (long) that is never used twice, across restarts too; <see cref="ReplicaId"/>
/// and <see cref="ReplicaGuid"/> make FIDs, MIDs, change numbers and source keys of it. Thread-safe.
/// </summary>
public sealed partial class MailboxStore
{
    /// <summary>The REPLID of the one replica that the mailbox knows. Source: [MS-OXCSTOR] 3.2.5.1.</summary>
    public const ushort ReplicaId = 1;

    private readonly ExchangeStore store;
    private readonly CounterSpace counters;
    private readonly NamedProperties names;

    internal MailboxStore(ExchangeStore store, MailboxRow row)
    {
        this.store = store;
        counters = new CounterSpace(row.Number);
        names = new NamedProperties(row.Number);
        Number = row.Number;
        LegacyExchangeDN = row.LegacyDn;
        DisplayName = row.DisplayName;
        Language = row.Language;
        MailboxGuid = Guid.Parse(row.Guid);
        ReplicaGuid = Guid.Parse(row.Replica);
    }

    internal long Number { get; }

    public string LegacyExchangeDN { get; }

    public string DisplayName { get; }

    /// <summary>It holds the public folders, which everybody may open.</summary>
    public bool IsPublic => LegacyExchangeDN == ExchangeStore.PublicFoldersDN;

    /// <summary>The language of the default folders, such as nl-NL.</summary>
    public string Language { get; }

    /// <summary>Names the mailbox (RopLogon's MailboxGuid, the provider UID of entry ids).</summary>
    public Guid MailboxGuid { get; }

    /// <summary>The REPLGUID in front of every counter of this mailbox.</summary>
    public Guid ReplicaGuid { get; }

    /// <summary>The highest counter in use; a synchronisation that saw everything has seen every change number up to it.</summary>
    public long LastCounter => store.Read(_ => counters.Last);

    /// <summary>Lets an account open this mailbox, as Add-MailboxPermission -AccessRights FullAccess does.</summary>
    public void GrantFullAccess(string legacyExchangeDN) => SetAccess(legacyExchangeDN, allowed: true);

    /// <summary>Keeps an account out of this mailbox, even one with <see cref="LabAccount.HasFullAccessToAll"/>, as a Deny entry does.</summary>
    public void DenyFullAccess(string legacyExchangeDN) => SetAccess(legacyExchangeDN, allowed: false);

    /// <summary>True when the account may log on: its own mailbox, or FullAccess here or everywhere; a Deny entry wins over both grants.</summary>
    public bool AllowsLogon(LabAccount account)
    {
        if (IsPublic) return true;
        // An archive is its owner's: its name is the owner's with a guid behind it.
        if (LegacyExchangeDN.Split("/guid=")[0].Equals(account.LegacyExchangeDN, StringComparison.OrdinalIgnoreCase)) return true;
        var entry = store.Read(database => database.ExecuteScalar<long?>(
            "SELECT allowed FROM access WHERE mailbox = @Number AND account = @account", new { Number, account = account.LegacyExchangeDN }));
        return entry is { } allowed ? allowed != 0 : account.HasFullAccessToAll;
    }

    /// <summary>The properties that were set on the store itself, such as PidTagOutOfOfficeState.</summary>
    public PropertyBag StoreProperties => store.Read(StorePropertiesOf);

    public void EditStoreProperties(Action<PropertyBag> edit) => store.Write(database =>
    {
        var bag = StorePropertiesOf(database);
        edit(bag);
        database.Execute(
            "UPDATE mailbox SET properties = @bytes WHERE number = @Number", new { Number, bytes = MessageContent.SerializeBag(bag) });
    });

    /// <summary>The id of a named property in this mailbox; null when it isn't registered (or, when registering, no id is left).</summary>
    public ushort? PropertyIdOf(PropertyName name, bool register) =>
        register ? store.Write(database => names.Register(database, name)) : store.Read(_ => names.Find(name));

    internal void CreateNames(SqliteConnection database) => names.Begin(database);

    /// <summary>The name behind a property id of this mailbox; null when there is none.</summary>
    public PropertyName? PropertyNameOf(ushort id) => store.Read(_ => names.NameOf(id));

    /// <summary>Every registered name by its id.</summary>
    public IReadOnlyDictionary<ushort, PropertyName> PropertyNames => store.Read(_ => names.All.ToDictionary());

    /// <summary>
    /// A 22-byte XID: the source key of the object, or the change key of the change, with this counter. Source: [MS-OXCFXICS] 2.2.2.2.
    /// </summary>
    public byte[] Xid(long counter)
    {
        var xid = new byte[22];
        ReplicaGuid.TryWriteBytes(xid);
        WriteCounter(xid.AsSpan(16), counter);
        return xid;
    }

    /// <summary>A predecessor change list that holds this change and by that all before it: one sized XID. Source: [MS-OXCFXICS] 2.2.2.3.</summary>
    public byte[] PredecessorChangeList(long counter) => [22, .. Xid(counter)];

    /// <summary>The 46-byte entry id of a folder. Source: [MS-OXCDATA] 2.2.4.1.</summary>
    public byte[] FolderEntryId(long folder)
    {
        var id = new byte[46];
        MailboxGuid.TryWriteBytes(id.AsSpan(4));
        BinaryPrimitives.WriteUInt16LittleEndian(id.AsSpan(20), 0x0001); // eitLTPrivateFolder
        ReplicaGuid.TryWriteBytes(id.AsSpan(22));
        WriteCounter(id.AsSpan(38), folder);
        return id;
    }

    /// <summary>The 70-byte entry id of a message. Source: [MS-OXCDATA] 2.2.4.2.</summary>
    public byte[] MessageEntryId(long folder, long message)
    {
        var id = new byte[70];
        FolderEntryId(folder).CopyTo(id, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(id.AsSpan(20), 0x0007); // eitLTPrivateMessage
        ReplicaGuid.TryWriteBytes(id.AsSpan(46));
        WriteCounter(id.AsSpan(62), message);
        return id;
    }

    internal void Reload(SqliteConnection database, long reserved)
    {
        counters.Resume(reserved);
        names.Load(database);
    }

    private PropertyBag StorePropertiesOf(SqliteConnection database) =>
        database.ExecuteScalar<byte[]?>("SELECT properties FROM mailbox WHERE number = @Number", new { Number }) is { } bytes
            ? MessageContent.DeserializeBag(bytes)
            : [];

    private void SetAccess(string account, bool allowed) => store.Write(database => database.Execute(
        "INSERT INTO access(mailbox, account, allowed) VALUES (@Number, @account, @allowed) ON CONFLICT DO UPDATE SET allowed = excluded.allowed",
        new { Number, account, allowed }));

    // Counters are big-endian in every id. Source: [MS-OXCDATA] 2.2.1.
    private static void WriteCounter(Span<byte> destination, long counter)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(eight, counter);
        eight[2..].CopyTo(destination);
    }
}
