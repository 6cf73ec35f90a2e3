using System.Text;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <content>What a user has beside folders and items: permissions, rules, delegates, the out-of-office reply.</content>
public sealed partial class MailboxLogon
{
    private const string InternalReplyClass = "IPM.Note.Rules.OofTemplate.Microsoft";
    private const string ExternalReplyClass = "IPM.Note.Rules.ExternalOofTemplate.Microsoft";
    private const string ExtendedRuleClass = "IPM.ExtendedRule.Message";

    /// <summary>Where PidTagFreeBusyEntryIds has the delegate information. Source: [MS-OXOSFLD] 2.2.6.</summary>
    private const int DelegateInformationIndex = 1;

    /// <summary>A message entry id: provider, folder and message, each with its replica. Source: [MS-OXCDATA] 2.2.4.2.</summary>
    private const int MessageEntryIdSize = 70;

    private static readonly PropertyTag[] PermissionColumns =
        [PropertyTags.MemberId, PropertyTags.MemberName, PropertyTags.MemberRights, PropertyTags.EntryId];

    private static readonly PropertyTag[] RuleColumns =
    [
        PropertyTags.RuleId, PropertyTags.RuleSequence, PropertyTags.RuleState, PropertyTags.RuleName, PropertyTags.RuleProvider,
        PropertyTags.RuleCondition, PropertyTags.RuleActions, PropertyTags.RuleProviderData,
    ];

    /// <summary>Who may do what in a folder, free/busy rights of a calendar included.</summary>
    public async Task<IReadOnlyList<FolderPermission>> GetPermissionsAsync(ObjectId folder, CancellationToken ct)
    {
        RopRequest Open(byte input, byte output) => new GetPermissionsTableRequest(input, output, PermissionsTableFlags.IncludeFreeBusy);
        var permissions = new List<FolderPermission>();
        await foreach (var row in ReadTableAsync(folder, Open, PermissionColumns, ct)) permissions.Add(PermissionOf(row));
        return permissions;
    }

    /// <summary>The rules of a folder, those of other providers included.</summary>
    public async Task<IReadOnlyList<InboxRule>> GetRulesAsync(ObjectId folder, CancellationToken ct)
    {
        RopRequest Open(byte input, byte output) => new GetRulesTableRequest(input, output, RulesTableFlags.Unicode);
        var rules = new List<InboxRule>();
        await foreach (var row in ReadTableAsync(folder, Open, RuleColumns, ct)) rules.Add(RuleOf(row));
        return rules;
    }

    /// <summary>The rules that are messages, which have no place in the rules table.</summary>
    public async Task<IReadOnlyList<ExtendedRule>> GetExtendedRulesAsync(ObjectId folder, CancellationToken ct)
    {
        var rules = new List<ExtendedRule>();
        foreach (var id in await FindAssociatedAsync(folder, itemClass => itemClass == ExtendedRuleClass, ct))
            rules.Add(ExtendedRuleOf((await ReadWholeAsync(folder, id, ct)).Properties));
        return rules;
    }

    /// <summary>Whether mail is answered automatically, and with what.</summary>
    public async Task<OutOfOffice> GetOutOfOfficeAsync(CancellationToken ct)
    {
        var isOn = await GetStorePropertyAsync(PropertyTags.OutOfOfficeState, ct) is true;
        return new OutOfOffice(isOn, await GetReplyAsync(InternalReplyClass, ct), await GetReplyAsync(ExternalReplyClass, ct));
    }

    /// <summary>Bytes of all messages in the mailbox; null where the server tells none. Source: [MS-OXCSTOR] 2.2.2.1.1 (PidTagMessageSizeExtended).</summary>
    public async Task<long?> GetSizeAsync(CancellationToken ct) => (await GetStorePropertyAsync(PropertyTags.MessageSizeExtended, ct)) as long?;

    /// <summary>The locale id that the mailbox writes its own messages in; null where the server tells none. Source: [MS-OXCSTOR] 2.2.2.1.1.12.</summary>
    public async Task<int?> GetLocaleIdAsync(CancellationToken ct) => (await GetStorePropertyAsync(PropertyTags.LocaleId, ct)) as int?;

    /// <summary>The user's categories; empty where no client ever wrote them.</summary>
    /// <param name="calendar">The Calendar folder, which keeps them.</param>
    /// <exception cref="MapiProtocolException">What is kept there is no category list.</exception>
    public async Task<IReadOnlyList<OutlookCategory>> GetCategoriesAsync(ObjectId calendar, CancellationToken ct) =>
        await GetRoamingXmlAsync(calendar, RoamingXml.CategoryListClass, ct) is { } stream ? RoamingXml.ReadCategories(stream) : [];

    /// <summary>When the user works and where; null where no client ever wrote it.</summary>
    /// <inheritdoc cref="GetCategoriesAsync"/>
    public async Task<WorkingHours?> GetWorkingHoursAsync(ObjectId calendar, CancellationToken ct) =>
        await GetRoamingXmlAsync(calendar, RoamingXml.WorkingHoursClass, ct) is { } stream ? RoamingXml.ReadWorkingHours(stream) : null;

    /// <summary>Who acts for the owner, from the delegate information message that the mailbox root or the Inbox names.</summary>
    public async Task<DelegateInformation> GetDelegatesAsync(CancellationToken ct)
    {
        ObjectId[] holders = [Response.Folder(LogonFolder.Root), Response.Folder(LogonFolder.Inbox)];
        foreach (var holder in await GetFolderPropertiesAsync(holders, [PropertyTags.FreeBusyEntryIds], ct))
        {
            if (holder[PropertyTags.FreeBusyEntryIds] is not byte[][] { Length: > DelegateInformationIndex } entryIds) continue;
            if (MessageOf(entryIds[DelegateInformationIndex]) is not var (folder, message)) continue;
            return DelegatesOf((await ReadWholeAsync(folder, message, ct)).Properties);
        }
        return DelegateInformation.None;
    }

    private async Task<object?> GetStorePropertyAsync(PropertyTag tag, CancellationToken ct)
    {
        var batch = new RopBatch();
        PropertyTag[] asked = [tag];
        var answer = await Session.ExecuteAsync(batch.Add(new GetPropertiesSpecificRequest(batch.Use(handle), asked)), ct);
        return answer.ThrowIfFailed().Get<GetPropertiesSpecificResponse>().Row.ToBag(asked)[tag];
    }

    private async Task<byte[]?> GetRoamingXmlAsync(ObjectId folder, string itemClass, CancellationToken ct)
    {
        var found = await FindAssociatedAsync(folder, other => other.Equals(itemClass, StringComparison.OrdinalIgnoreCase), ct);
        return found.Count == 0 ? null : (await ReadWholeAsync(folder, found[^1], ct)).Properties[PropertyTags.RoamingXmlStream] as byte[];
    }

    private async Task<OutOfOfficeReply?> GetReplyAsync(string itemClass, CancellationToken ct)
    {
        var inbox = Response.Folder(LogonFolder.Inbox);
        var found = await FindAssociatedAsync(inbox, other => other.Equals(itemClass, StringComparison.OrdinalIgnoreCase), ct);
        return found.Count == 0 ? null : ReplyOf((await ReadWholeAsync(inbox, found[^1], ct)).Properties);
    }

    private async Task<IReadOnlyList<ObjectId>> FindAssociatedAsync(ObjectId folder, Func<string, bool> isWanted, CancellationToken ct)
    {
        var found = new List<ObjectId>();
        await foreach (var row in GetAssociatedContentsAsync(folder, [PropertyTags.Mid, PropertyTags.MessageClass], ct))
        {
            if (row[PropertyTags.Mid] is long id && row.GetString(PropertyTags.MessageClass) is { } itemClass && isWanted(itemClass))
                found.Add(new ObjectId(id));
        }
        return found;
    }

    /// <summary>A whole message in memory: for the small ones that hold settings.</summary>
    private async Task<MapiMessage> ReadWholeAsync(ObjectId folder, ObjectId message, CancellationToken ct)
    {
        var builder = new MapiMessageBuilder();
        var reader = new MessageContentReader(builder);
        var lexer = new FastTransferLexer(reader);
        await foreach (var piece in CopyMessageAsync(folder, message, SendOptions.Unicode | SendOptions.ForceUnicode, partner: null, ct))
            lexer.Feed(piece.Span);
        lexer.Complete();
        reader.Complete();
        return builder.Build();
    }

    private (ObjectId Folder, ObjectId Message)? MessageOf(byte[] entryId)
    {
        const int folderOffset = 22, messageOffset = 46, idSize = 22;
        if (entryId.Length != MessageEntryIdSize) return null;
        var folder = ShortIdOf(entryId.AsSpan(folderOffset, idSize));
        return folder is { } folderId && ShortIdOf(entryId.AsSpan(messageOffset, idSize)) is { } messageId ? (folderId, messageId) : null;
    }

    private ObjectId? ShortIdOf(ReadOnlySpan<byte> xid)
    {
        var (replica, counter) = IdSet.ReadXid(xid);
        return Replicas.FromLongTerm(new LongTermId(replica, counter));
    }

    private static FolderPermission PermissionOf(PropertyBag row) => new(
        row[PropertyTags.MemberId] as long? ?? FolderPermission.Default, NameOf(row[PropertyTags.EntryId] as byte[]),
        row.GetString(PropertyTags.MemberName) ?? "", (MemberRights)(row.GetInteger(PropertyTags.MemberRights) ?? 0));

    private static InboxRule RuleOf(PropertyBag row) => new(
        row[PropertyTags.RuleId] as long? ?? 0, row.GetInteger(PropertyTags.RuleSequence) ?? 0, (RuleState)(row.GetInteger(PropertyTags.RuleState) ?? 0),
        row.GetString(PropertyTags.RuleName) ?? "", row.GetString(PropertyTags.RuleProvider) ?? "", row[PropertyTags.RuleCondition] as Restriction,
        row[PropertyTags.RuleActions] as RuleActions)
    {
        ProviderData = row[PropertyTags.RuleProviderData] as byte[],
    };

    private static ExtendedRule ExtendedRuleOf(PropertyBag message) => new(
        message.GetInteger(PropertyTags.RuleMessageSequence) ?? 0, (RuleState)(message.GetInteger(PropertyTags.RuleMessageState) ?? 0),
        message.GetString(PropertyTags.RuleMessageName) ?? "", message.GetString(PropertyTags.RuleMessageProvider) ?? "",
        message[PropertyTags.ExtendedRuleMessageCondition] as byte[], message[PropertyTags.ExtendedRuleMessageActions] as byte[]);

    private static DelegateInformation DelegatesOf(PropertyBag message)
    {
        var names = message[PropertyTags.ScheduleInfoDelegateNames] as string[] ?? [];
        var entryIds = message[PropertyTags.ScheduleInfoDelegateEntryIds] as byte[][] ?? [];
        var flags = message[PropertyTags.ScheduleInfoDelegateFlags] as int[] ?? [];
        var delegates = names.Select((name, i) =>
            new Delegate(name, NameOf(entryIds.ElementAtOrDefault(i)), (flags.ElementAtOrDefault(i) & 1) != 0)).ToList();
        return new DelegateInformation(
            delegates, message[PropertyTags.ScheduleInfoDelegatorWantsCopy] is not false, message[PropertyTags.ScheduleInfoDontMailDelegates] is not true);
    }

    private static OutOfOfficeReply ReplyOf(PropertyBag message) => message[PropertyTags.Html] is byte[] { Length: > 0 } html
        ? new OutOfOfficeReply(message.GetString(PropertyTags.Subject), EncodingOf(message).GetString(html), IsHtml: true)
        : new OutOfOfficeReply(message.GetString(PropertyTags.Subject), message.GetString(PropertyTags.Body) ?? "", IsHtml: false);

    private static Encoding EncodingOf(PropertyBag message) =>
        CodePages.Find(message.GetInteger(PropertyTags.InternetCodepage) ?? Encoding.UTF8.CodePage) ?? Encoding.UTF8;

    private static string? NameOf(byte[]? entryId) =>
        entryId is { Length: > 0 } && AddressEntryId.TryRead(entryId) is { AddressType: "EX", EmailAddress: var name } ? name : null;
}
