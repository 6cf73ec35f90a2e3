using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// Where public folders are, and what a store remembers of a user's reading in them. Source: [MS-OXCSTOR] 3.2.5.6, 3.2.5.7, 3.2.5.10 to
/// 3.2.5.13.
/// </summary>
internal static class PublicFolderRops
{
    // RopId, handle index, return value, finished, size.
    private const int ReadOverhead = 9;
    private const int LargestPiece = 4096;
    private const string ServerDN =
        "/o=Contoso/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=EX01/cn=Microsoft Public MDB";

    /// <summary>Every public folder lives here; a private mailbox answers for none.</summary>
    public static RopResponse GetOwningServers(RopContext context, GetOwningServersRequest request)
    {
        Require(context.Get<LogonObject>(request.HandleIndex).Mailbox, request.FolderId);
        return new GetOwningServersResponse(request.HandleIndex, CheapServerCount: 1, [ServerDN]);
    }

    public static RopResponse PublicFolderIsGhosted(RopContext context, PublicFolderIsGhostedRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        if (mailbox.IsPublic) Require(mailbox, request.FolderId);
        return new PublicFolderIsGhostedResponse(request.HandleIndex, IsGhosted: false);
    }

    public static RopResponse GetPerUserLongTermIds(RopContext context, GetPerUserLongTermIdsRequest request)
    {
        var mailbox = context.GetPrivateLogon(request.HandleIndex).Mailbox;
        var folders = mailbox.PerUserFolders(request.DatabaseGuid).Select(text => LongTermId.TryParse(text, out var id) ? id : default);
        return new GetPerUserLongTermIdsResponse(request.HandleIndex, [.. folders]);
    }

    public static RopResponse GetPerUserGuid(RopContext context, GetPerUserGuidRequest request)
    {
        var mailbox = context.GetPrivateLogon(request.HandleIndex).Mailbox;
        var known = mailbox.FindPerUserInformation(request.Folder.ToString()) ?? throw new RopException(MapiErrorCode.NotFound);
        return new GetPerUserGuidResponse(request.HandleIndex, known.Source);
    }

    public static RopResponse ReadPerUserInformation(RopContext context, ReadPerUserInformationRequest request)
    {
        var mailbox = context.Get<LogonObject>(request.HandleIndex).Mailbox;
        var data = mailbox.FindPerUserInformation(request.Folder.ToString())?.Data ?? [];
        if (request.DataOffset > data.Length) throw new RopException(LabErrorCode.Error);
        var most = Math.Min(request.MaximumDataSize is > 0 and < LargestPiece ? request.MaximumDataSize : LargestPiece, context.Room - ReadOverhead);
        var piece = data.AsMemory((int)request.DataOffset, Math.Min(most, data.Length - (int)request.DataOffset));
        return new ReadPerUserInformationResponse(request.HandleIndex, request.DataOffset + piece.Length == data.Length, piece);
    }

    /// <summary>Pieces are put together at the logon until the last has come.</summary>
    public static RopResponse WritePerUserInformation(RopContext context, WritePerUserInformationRequest request)
    {
        var logon = context.Get<LogonObject>(request.HandleIndex);
        var folder = request.Folder.ToString();
        var begun = request.DataOffset == 0 ? new PerUserInformation(request.DatabaseGuid ?? logon.Mailbox.ReplicaGuid, []) : logon.PerUserWriting.GetValueOrDefault(folder);
        if (begun is null || begun.Data.Length != request.DataOffset)
        {
            // What came before it is given up. Source: [MS-OXCSTOR] 3.2.5.13.
            logon.PerUserWriting.Clear();
            throw new RopException(LabErrorCode.Error);
        }
        var written = begun with { Data = [.. begun.Data, .. request.Data.Span] };
        logon.PerUserWriting[folder] = written;
        if (!request.HasFinished) return new RopSuccess(request.Id, request.HandleIndex);
        logon.PerUserWriting.Remove(folder);
        if (context.Behaviour.ChecksPerUserInformation && !IsIdSet(written.Data)) throw new RopException(MapiErrorCode.CorruptData);
        logon.Mailbox.SetPerUserInformation(folder, written);
        return new RopSuccess(request.Id, request.HandleIndex);
    }

    private static bool IsIdSet(byte[] data)
    {
        try
        {
            IdSet.Parse(data);
            return true;
        }
        catch (MapiProtocolException)
        {
            return false;
        }
    }

    private static void Require(MailboxStore mailbox, ObjectId folder)
    {
        if (!mailbox.IsPublic || mailbox.FindFolder(mailbox.CounterOf(folder)) is null) throw new RopException(MapiErrorCode.NotFound);
    }
}
