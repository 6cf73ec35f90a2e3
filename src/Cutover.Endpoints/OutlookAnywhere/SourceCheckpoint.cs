using Cutover.Core.Mailboxes;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// A folder's synchronisation state as the engine keeps it: a byte for the form, then the ICS state as a FastTransfer stream.
/// </summary>
internal static class SourceCheckpoint
{
    private const byte Form = 1;

    public static SyncState Write(ContentsSyncState state) => new((byte[])[Form, .. state.Serialize()]);

    /// <exception cref="MapiProtocolException">It is not a state of ours.</exception>
    public static ContentsSyncState? Read(SyncState? state)
    {
        if (state is null) return null;
        if (state.Value.IsEmpty || state.Value.Span[0] != Form)
            throw new MapiProtocolException("The saved synchronisation state has a form that this version does not know");
        return ContentsSyncState.Parse(state.Value.Span[1..]);
    }
}
