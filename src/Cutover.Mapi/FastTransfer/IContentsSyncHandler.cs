using Cutover.Mapi.Messages;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.FastTransfer;

/// <summary>
/// Receives what a synchronisation download says. Between <see cref="BeginMessage"/> and <see cref="EndMessage"/> the message's content comes as
/// <see cref="IFastTransferHandler"/> events of a messageContent, meta-properties left out. Source: [MS-OXCFXICS] 2.2.4.3.
/// </summary>
public interface IContentsSyncHandler : IFastTransferHandler
{
    /// <summary>A new or changed message. The header has SourceKey, ChangeKey, PredecessorChangeList, Associated and what else was asked for.</summary>
    void BeginMessage(PropertyBag header);

    /// <summary>The message begun last is complete.</summary>
    void EndMessage();

    /// <summary>
    /// The server could not give a message (FXErrorInfo). If one was begun it ends here, incomplete.
    /// Comes only where RecoverMode was asked for.
    /// </summary>
    void MessageFailed(PropertyBag error);

    /// <summary>A new or changed folder, in a hierarchySync.</summary>
    void FolderChanged(PropertyBag folder);

    /// <summary>Messages or folders that are gone.</summary>
    /// <param name="kind">MetaTagIdsetDeleted, MetaTagIdsetNoLongerInScope or MetaTagIdsetExpired.</param>
    /// <param name="idset">Read it with <see cref="IdSet.ParseReplIds"/>.</param>
    void Deleted(PropertyTag kind, byte[] idset);

    /// <summary>Messages whose read state alone changed.</summary>
    /// <param name="idset">Read it with <see cref="IdSet.ParseReplIds"/>.</param>
    void ReadStateChanged(byte[] idset, bool isRead);

    /// <summary>The state to go on from next time.</summary>
    void State(ContentsSyncState state);

    /// <summary>Everything has come.</summary>
    void End();
}
