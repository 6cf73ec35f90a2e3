using System.Diagnostics;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Rops;

/// <summary>What a rule does with a message that meets its condition: the value of PidTagRuleActions. Source: [MS-OXORULE] 2.2.5.</summary>
public sealed record RuleActions(IReadOnlyList<RuleAction> Actions)
{
    private const int MinimumAction = 11;

    public static RuleActions Read(RopReader reader) => new(reader.ReadArray(reader.ReadCount(), MinimumAction, () => RuleAction.Read(reader)));

    public void Write(RopWriter writer)
    {
        writer.WriteCount(Actions.Count);
        foreach (var action in Actions) action.Write(writer);
    }
}

/// <summary>
/// One action, an ActionBlock. Rules of a rules table name messages by their ids, extended rules (<see cref="RopReader.HasWideCounts"/>) by
/// entry ids. Source: [MS-OXORULE] 2.2.5.1.
/// </summary>
public abstract record RuleAction
{
    private enum Kind : byte
    {
        Move = 0x01,
        Copy = 0x02,
        Reply = 0x03,
        OutOfOfficeReply = 0x04,
        DeferAction = 0x05,
        Bounce = 0x06,
        Forward = 0x07,
        Delegate = 0x08,
        Tag = 0x09,
        Delete = 0x0A,
        MarkAsRead = 0x0B,
    }

    /// <summary>How it is done: of Reply and Forward only. Source: [MS-OXORULE] 2.2.5.1.1.</summary>
    public uint Flavor { get; init; }

    /// <summary>The client's own.</summary>
    public uint Flags { get; init; }

    /// <exception cref="MapiProtocolException">The block is cut, or of a kind that there is not.</exception>
    public static RuleAction Read(RopReader reader)
    {
        var block = new RopReader(reader.ReadBytes(reader.ReadCount())) { HasWideCounts = reader.HasWideCounts };
        var kind = (Kind)block.ReadByte();
        var flavor = block.ReadUInt32();
        var flags = block.ReadUInt32();
        return ReadData(kind, block) with { Flavor = flavor, Flags = flags };
    }

    public void Write(RopWriter writer)
    {
        var block = new RopWriter { HasWideCounts = writer.HasWideCounts };
        block.WriteByte((byte)KindOf()).WriteUInt32(Flavor).WriteUInt32(Flags);
        WriteData(block);
        writer.WriteCount(block.Length).WriteBytes(block.Written.Span);
    }

    private static RuleAction ReadData(Kind kind, RopReader block) => kind switch
    {
        Kind.Move => Move.ReadData(block),
        Kind.Copy => Copy.ReadData(block),
        Kind.Reply => new Reply(ReplyTemplate.Read(block)),
        Kind.OutOfOfficeReply => new OutOfOfficeReply(ReplyTemplate.Read(block)),
        Kind.DeferAction => new DeferAction(block.ReadToEnd()),
        Kind.Bounce => new Bounce(block.ReadUInt32()),
        Kind.Forward => new Forward(ReadRecipients(block)),
        Kind.Delegate => new Delegate(ReadRecipients(block)),
        Kind.Tag => new Tag(block.ReadPropertyValue()),
        Kind.Delete => new Delete(),
        Kind.MarkAsRead => new MarkAsRead(),
        _ => throw block.Broken($"a kind of rule action, not 0x{(byte)kind:X2},"),
    };

    private Kind KindOf() => this switch
    {
        Move => Kind.Move,
        Copy => Kind.Copy,
        Reply => Kind.Reply,
        OutOfOfficeReply => Kind.OutOfOfficeReply,
        DeferAction => Kind.DeferAction,
        Bounce => Kind.Bounce,
        Forward => Kind.Forward,
        Delegate => Kind.Delegate,
        Tag => Kind.Tag,
        Delete => Kind.Delete,
        MarkAsRead => Kind.MarkAsRead,
        _ => throw new UnreachableException(),
    };

    private void WriteData(RopWriter block)
    {
        switch (this)
        {
            case Move move: move.Target.Write(block); break;
            case Copy copy: copy.Target.Write(block); break;
            case Reply reply: reply.Template.Write(block); break;
            case OutOfOfficeReply reply: reply.Template.Write(block); break;
            case DeferAction defer: block.WriteBytes(defer.Data.Span); break;
            case Bounce bounce: block.WriteUInt32(bounce.Code); break;
            case Forward forward: WriteRecipients(block, forward.Recipients); break;
            case Delegate @delegate: WriteRecipients(block, @delegate.Recipients); break;
            case Tag tag: block.WritePropertyValue(tag.Value); break;
            default: break;
        }
    }

    // Each recipient begins with a reserved byte, 0x01. Source: [MS-OXORULE] 2.2.5.1.2.4.1.
    private static PropertyValue[][] ReadRecipients(RopReader block) => block.ReadArray(block.ReadCount(), 3, () =>
    {
        block.ReadByte();
        return block.ReadPropertyValues();
    });

    private static void WriteRecipients(RopWriter block, IReadOnlyList<IReadOnlyList<PropertyValue>> recipients)
    {
        block.WriteCount(recipients.Count);
        foreach (var recipient in recipients) block.WriteByte(0x01).WritePropertyValues(recipient);
    }

    public sealed record Move(RuleFolder Target) : RuleAction
    {
        internal static Move ReadData(RopReader block) => new(RuleFolder.Read(block));
    }

    public sealed record Copy(RuleFolder Target) : RuleAction
    {
        internal static Copy ReadData(RopReader block) => new(RuleFolder.Read(block));
    }

    public sealed record Reply(ReplyTemplate Template) : RuleAction;

    public sealed record OutOfOfficeReply(ReplyTemplate Template) : RuleAction;

    /// <summary>Something that a client must do when it next sees the message.</summary>
    public sealed record DeferAction(ReadOnlyMemory<byte> Data) : RuleAction;

    /// <summary>Returns the message: code 0x0D too large, 0x1F can't be shown, 0x26 denied.</summary>
    public sealed record Bounce(uint Code) : RuleAction;

    public sealed record Forward(IReadOnlyList<IReadOnlyList<PropertyValue>> Recipients) : RuleAction;

    /// <summary>Resends the message to these on the owner's behalf: how meeting messages reach delegates.</summary>
    public sealed record Delegate(IReadOnlyList<IReadOnlyList<PropertyValue>> Recipients) : RuleAction;

    public sealed record Tag(PropertyValue Value) : RuleAction;

    public sealed record Delete : RuleAction;

    public sealed record MarkAsRead : RuleAction;
}

/// <summary>
/// The folder that a rule moves or copies to. In this store <paramref name="FolderEntryId"/> is a ServerEid, whose folder id
/// <see cref="FolderId"/> gives; elsewhere, and in extended rules, it is an entry id. Source: [MS-OXORULE] 2.2.5.1.2.1.
/// </summary>
public sealed record RuleFolder(bool IsInThisStore, ReadOnlyMemory<byte> StoreEntryId, ReadOnlyMemory<byte> FolderEntryId)
{
    private const int ServerEidSize = 21;
    private const byte Ours = 0x01;

    /// <summary>Null when the folder is named by an entry id.</summary>
    public ObjectId? FolderId => IsInThisStore && FolderEntryId.Length == ServerEidSize && FolderEntryId.Span[0] == Ours
        ? new RopReader(FolderEntryId[1..]).ReadObjectId()
        : null;

    /// <summary>A folder of the rule's own store. The store's entry id is not looked at; a single zero stands for it.</summary>
    public static RuleFolder InThisStore(ObjectId folder) => new(
        true, new byte[1], new RopWriter().WriteByte(Ours).WriteObjectId(folder).WriteUInt64(0).WriteUInt32(0).ToArray());

    internal static RuleFolder Read(RopReader block)
    {
        // Extended rules say nothing of the store: the entry ids do.
        var isInThisStore = !block.HasWideCounts && block.ReadBoolean();
        return new RuleFolder(isInThisStore, block.ReadBytes(block.ReadCount()), block.ReadBytes(block.ReadCount()));
    }

    internal void Write(RopWriter block)
    {
        if (!block.HasWideCounts) block.WriteBoolean(IsInThisStore);
        block.WriteCount(StoreEntryId.Length).WriteBytes(StoreEntryId.Span).WriteCount(FolderEntryId.Length).WriteBytes(FolderEntryId.Span);
    }
}

/// <summary>
/// The message that a rule replies with: by its ids, or in an extended rule by <paramref name="EntryId"/>. Source: [MS-OXORULE] 2.2.5.1.2.2.
/// </summary>
public sealed record ReplyTemplate(ObjectId FolderId, ObjectId MessageId, ReadOnlyMemory<byte> EntryId, Guid TemplateGuid)
{
    internal static ReplyTemplate Read(RopReader block) => block.HasWideCounts
        ? new(default, default, block.ReadBytes(block.ReadCount()), block.ReadGuid())
        : new(block.ReadObjectId(), block.ReadObjectId(), default, block.ReadGuid());

    internal void Write(RopWriter block)
    {
        if (block.HasWideCounts) block.WriteCount(EntryId.Length).WriteBytes(EntryId.Span);
        else block.WriteObjectId(FolderId).WriteObjectId(MessageId);
        block.WriteGuid(TemplateGuid);
    }
}
