using System.Globalization;
using Cutover.Core.Ledger;
using Cutover.Core.Mailboxes;

namespace Cutover.Orchestrator.Storage;

/// <summary>A ledger entry as the item table holds it; parameter names are the column names, so Dapper matches them.</summary>
internal sealed record EntryRow(
    string Key, string Folder, string Version, long State, string? Target_Id, string? Change_Key, string? Digest, long Is_Read, long Read_State_In_Doubt, string Item_Class,
    string? Subject, string? Received, long Size, string? Reason, string? Kept_Aside, long Pass)
{
    public static EntryRow Of(LedgerEntry entry, long pass) => new(
        entry.Key.Value, entry.Folder.Value, entry.Item.Version, (long)entry.State, entry.Target?.Id, entry.Target?.ChangeKey, entry.Digest?.Value,
        entry.Item.IsRead ? 1 : 0, entry.IsReadStateInDoubt ? 1 : 0, Text(entry.Item.ItemClass)!, Text(entry.Item.Subject), entry.Item.Received?.ToString("O", CultureInfo.InvariantCulture),
        entry.Item.Size, Text(entry.Reason), entry.KeptAside, pass);

    public LedgerEntry ToEntry() => new(
        new FolderKey(Folder),
        new ItemInfo(
            new ItemKey(Key), Version, Is_Read != 0, Item_Class, Subject,
            Received is null ? null : DateTimeOffset.ParseExact(Received, "O", CultureInfo.InvariantCulture), Size),
        (LedgerState)State,
        Target_Id is null ? null : new TargetItem(Target_Id, Change_Key ?? ""),
        Digest is null ? null : new ContentDigest(Digest),
        Reason,
        Kept_Aside)
    {
        IsSettled = Pass == 0,
        IsReadStateInDoubt = Read_State_In_Doubt != 0,
    };

    private static string? Text(string? text) => text is null ? null : StorableText.Of(text);

    public object Parameters(long mailbox) => new
    {
        mailbox,
        Key,
        Folder,
        Version,
        State,
        Target_Id,
        Change_Key,
        Digest,
        Is_Read,
        Read_State_In_Doubt,
        Item_Class,
        Subject,
        Received,
        Size,
        Reason,
        Kept_Aside,
        Pass,
    };
}
