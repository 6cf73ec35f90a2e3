using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// A folder's synchronisation state as the engine keeps it: a byte for the form, for <see cref="FormWithFingerprint"/> the folder's fingerprint, then
/// the ICS state as a FastTransfer stream.
/// </summary>
/// <param name="Folder">What the folder looked like when everything in it was read; null in the middle, or when it can't be told.</param>
internal sealed record SourceCheckpoint(ContentsSyncState State, FolderFingerprint? Folder)
{
    private const byte FormOfState = 1;
    private const byte FormWithFingerprint = 2;

    public SyncState Write()
    {
        if (Folder is not { } fingerprint) return new SyncState((byte[])[FormOfState, .. State.Serialize()]);
        var bytes = new byte[FolderFingerprint.Size];
        fingerprint.Write(bytes);
        return new SyncState((byte[])[FormWithFingerprint, .. bytes, .. State.Serialize()]);
    }

    /// <exception cref="MapiProtocolException">It is not a state of ours.</exception>
    public static SourceCheckpoint? Read(SyncState? state) => state is null ? null : Parse(state.Value.Span);

    private static SourceCheckpoint Parse(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [FormOfState, .. var rest] => new SourceCheckpoint(ContentsSyncState.Parse(rest), null),
        [FormWithFingerprint, .. var rest] when rest.Length > FolderFingerprint.Size =>
            new SourceCheckpoint(ContentsSyncState.Parse(rest[FolderFingerprint.Size..]), FolderFingerprint.Read(rest)),
        _ => throw new MapiProtocolException("The saved synchronisation state has a form that this version does not know"),
    };
}
