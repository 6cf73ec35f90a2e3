using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Where messages are delivered. Source: [MS-OXCSTOR] 3.2.5.2 to 3.2.5.4.</summary>
internal static class ReceiveFolderRops
{
    private const int LongestClass = 255;

    /// <summary>The row whose class is the longest beginning of the one asked for.</summary>
    public static RopResponse GetReceiveFolder(RopContext context, GetReceiveFolderRequest request)
    {
        var mailbox = context.GetPrivateLogon(request.HandleIndex).Mailbox;
        RequireClass(request.MessageClass);
        var row = mailbox.ReceiveFolders.Where(row => Begins(request.MessageClass, row.MessageClass)).MaxBy(row => row.MessageClass.Length);
        return row is null
            ? new GetReceiveFolderResponse(request.HandleIndex, mailbox.WireId(mailbox.FolderOf(SpecialFolder.Inbox)), "")
            : new GetReceiveFolderResponse(request.HandleIndex, mailbox.WireId(row.Folder), row.MessageClass);
    }

    public static RopResponse SetReceiveFolder(RopContext context, SetReceiveFolderRequest request)
    {
        var mailbox = context.GetPrivateLogon(request.HandleIndex).Mailbox;
        RequireClass(request.MessageClass);
        if (request.MessageClass.ToUpperInvariant() is "IPM" or "REPORT.IPM") throw new RopException(MapiErrorCode.AccessDenied);
        if (request.MessageClass.Length == 0 && request.FolderId.Value == 0) throw new RopException(LabErrorCode.Error);
        var folder = mailbox.CounterOf(request.FolderId);
        if (request.FolderId.Value != 0 && mailbox.FindFolder(folder) is null) throw new RopException(MapiErrorCode.NotFound);
        mailbox.SetReceiveFolder(request.MessageClass, folder);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    public static RopResponse GetReceiveFolderTable(RopContext context, GetReceiveFolderTableRequest request)
    {
        var mailbox = context.GetPrivateLogon(request.HandleIndex).Mailbox;
        var rows = mailbox.ReceiveFolders.Select(row => new PropertyRow([mailbox.WireId(row.Folder).ToInt64(), row.MessageClass, row.Modified]));
        return new GetReceiveFolderTableResponse(request.HandleIndex, [.. rows]);
    }

    private static bool Begins(string messageClass, string with) =>
        messageClass.StartsWith(with, StringComparison.OrdinalIgnoreCase)
        && (with.Length == 0 || messageClass.Length == with.Length || messageClass[with.Length] == '.');

    /// <summary>Source: [MS-OXCSTOR] 2.2.1.2.1.</summary>
    private static void RequireClass(string name)
    {
        var isProper = name.Length < LongestClass && name.All(letter => letter is >= ' ' and <= '~')
            && !name.StartsWith('.') && !name.EndsWith('.') && !name.Contains("..", StringComparison.Ordinal);
        if (!isProper) throw new RopException(MapiErrorCode.InvalidParameter);
    }
}
