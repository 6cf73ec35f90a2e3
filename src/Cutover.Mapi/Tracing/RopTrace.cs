using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tracing;

/// <summary>A ROP or its response in a line: ids, flags, counts and sizes, never a value.</summary>
public static class RopTrace
{
    public static string Describe(RopRequest rop) => $"Rop{rop.Id} [{rop.HandleIndex}]{Detail(rop)}";

    public static string Describe(RopResponse rop) => $"Rop{rop.Id} [{rop.HandleIndex}] {Result(rop.ReturnValue)}{Detail(rop)}";

    private static string Result(uint code) => code == MapiErrorCode.Success ? "ok" : $"0x{code:X8}";

    private static string Detail(RopRequest rop) => rop switch
    {
        LogonRequest logon => $" {logon.LegacyExchangeDN} {logon.LogonFlags}, {logon.OpenFlags}",
        OpenFolderRequest open => $" {open.FolderId}",
        OpenMessageRequest open => $" {open.MessageId} in {open.FolderId}",
        GetHierarchyTableRequest table => $" {table.TableFlags}",
        GetContentsTableRequest table => $" {table.TableFlags}",
        SetColumnsRequest set => $" {set.Columns.Count} columns",
        QueryRowsRequest query => $" {query.RowCount} rows",
        GetPropertiesSpecificRequest get => $" {get.Tags.Count} properties",
        SynchronizationConfigureRequest sync => $" {sync.SynchronizationType} {sync.SynchronizationFlags}, {sync.SendOptions}, {sync.ExtraFlags}",
        UploadStateStreamBeginRequest state => $" {state.StateProperty} {state.TransferBufferSize:N0} B",
        FastTransferSourceCopyMessagesRequest copy => $" {copy.MessageIds.Count} messages, {copy.SendOptions}",
        FastTransferSourceCopyToRequest copy => $" {copy.SendOptions}",
        _ => "",
    };

    private static string Detail(RopResponse rop) => rop switch
    {
        LogonResponse logon => $" {logon.ResponseFlags}",
        LogonRedirectResponse redirect => $" to {redirect.ServerName}",
        OpenMessageResponse open => $" {open.Message.RecipientCount} recipients",
        TableResponse table => $" {table.RowCount} rows",
        QueryRowsResponse query => $" {query.Rows.Count} rows, cursor {query.Origin}",
        FastTransferSourceGetBufferResponse part => $" {part.TransferStatus} {part.InProgressCount}/{part.TotalStepCount} {part.TransferBuffer.Length:N0} B",
        BufferTooSmallResponse small => $" {small.SizeNeeded:N0} B needed",
        BackoffResponse backoff => $" {backoff.Duration} ms",
        _ => "",
    };
}
