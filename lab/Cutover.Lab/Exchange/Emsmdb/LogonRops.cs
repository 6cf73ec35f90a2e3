using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>Logging on, and what a logon is asked. Source: [MS-OXCSTOR] 3.2.5.</summary>
internal static class LogonRops
{
    private const LogonFlags KnownLogonFlags = LogonFlags.Private | LogonFlags.Undercover | LogonFlags.Ghosted;
    private const OpenFlags KnownOpenFlags =
        OpenFlags.UseAdminPrivilege | OpenFlags.Public | OpenFlags.HomeLogon | OpenFlags.TakeOwnership | OpenFlags.AlternateServer
        | OpenFlags.IgnoreHomeMdb | OpenFlags.NoMail | OpenFlags.UsePerMdbReplIdMapping | OpenFlags.SupportProgress;

    /// <summary>Source: [MS-OXCSTOR] 3.2.5.1.1.</summary>
    public static RopResponse Logon(RopContext context, LogonRequest request)
    {
        if ((request.LogonFlags & ~KnownLogonFlags) != 0 || (request.OpenFlags & ~KnownOpenFlags) != 0) throw new RopException(LabErrorCode.Error);
        if (!request.LogonFlags.HasFlag(LogonFlags.Private)) return PublicLogon(context, request);
        if (context.Options.MailboxesElsewhere.TryGetValue(request.LegacyExchangeDN, out var server))
            return new LogonRedirectResponse(request.HandleIndex, request.LogonFlags, server);
        var mailbox = context.Store.FindMailbox(request.LegacyExchangeDN) ?? throw new RopException(MapiErrorCode.UnknownUser);
        var isOtherMailbox = context.Session.FirstMailbox is { } first && first != mailbox;
        var sharesMapping = isOtherMailbox && !request.OpenFlags.HasFlag(OpenFlags.UsePerMdbReplIdMapping);
        if (sharesMapping && context.Behaviour.SharedMappingRefusal is { } refusal) throw new RopException(refusal);
        if (!mailbox.AllowsLogon(context.Session.Account))
        {
            if (context.Behaviour.LogonRefusal is { } noRight) throw new RopException(noRight);
            context.Session.BecomeDelegateIn(mailbox);
        }
        context.Session.FirstMailbox ??= mailbox;
        context.Put(request.HandleIndex, new LogonObject(mailbox, request.LogonId, context.Session.Account, context.Behaviour));
        context.Session.LoggedOn(request.LogonId, isPublic: false);
        return Response(context, request, mailbox);
    }

    /// <summary>Exchange 2010 and later don't implement it. Source: [MS-OXCSTOR] 2.2.1.5, note 11.</summary>
    public static RopResponse GetStoreState(RopContext context, GetStoreStateRequest request)
    {
        context.Get<LogonObject>(request.HandleIndex);
        if (!context.Behaviour.HasStoreState) throw new RopException(LabErrorCode.NotImplemented);
        return new GetStoreStateResponse(request.HandleIndex, StoreState: 0);
    }

    /// <summary>Any object of the logon will do, as Microsoft's test suite has it.</summary>
    public static RopResponse LongTermIdFromId(RopContext context, LongTermIdFromIdRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        // An id of zeros is nobody's and yet answered, since Exchange 2013 (note 43).
        var replica = request.ObjectId.Value == 0 ? Guid.Empty : mailbox.ReplicaGuidOf(request.ObjectId.ReplicaId) ?? throw new RopException(MapiErrorCode.NotFound);
        return new LongTermIdFromIdResponse(request.HandleIndex, new LongTermId(replica, request.ObjectId.Counter));
    }

    /// <summary>A replica that is new gets an id; one of zeros too, since Exchange 2013 (note 44).</summary>
    public static RopResponse IdFromLongTermId(RopContext context, IdFromLongTermIdRequest request)
    {
        var mailbox = context.Get<ServerObject>(request.HandleIndex).Mailbox;
        var replica = mailbox.ReplicaIdOf(request.LongTermId.Replica) ?? throw new RopException(LabErrorCode.ParameterOverflow);
        return new IdFromLongTermIdResponse(request.HandleIndex, ObjectId.Of(replica, request.LongTermId.Counter));
    }

    private static LogonResponseFlags ResponseFlags(RopContext context, LogonRequest request, MailboxStore mailbox)
    {
        var isAway = FolderProperties.OfStore(mailbox)[PropertyTags.OutOfOfficeState] is true;
        var isDelegate = context.Session.IsDelegateIn(mailbox)
            || (context.Behaviour.HonoursTakeOwnership && !request.OpenFlags.HasFlag(OpenFlags.TakeOwnership));
        return LogonResponseFlags.Reserved | (isAway ? LogonResponseFlags.OutOfOffice : 0) | (isDelegate ? 0 : LogonResponseFlags.OwnerRight | LogonResponseFlags.SendAsRight);
    }

    // The GUID of read states is empty since Exchange 2010 (note 5); the folders of locale and site are those of everybody, as in an organisation with one of each.
    private static PublicLogonResponse PublicLogon(RopContext context, LogonRequest request)
    {
        var store = context.Store.PublicFolders;
        SpecialFolder[] places =
        [
            SpecialFolder.MailboxRoot, SpecialFolder.IpmSubtree, SpecialFolder.PublicNonIpmSubtree, SpecialFolder.PublicFormsRegistry,
            SpecialFolder.PublicFreeBusy, SpecialFolder.PublicOfflineAddressBook, SpecialFolder.PublicFormsRegistry, SpecialFolder.PublicFreeBusy,
            SpecialFolder.PublicOfflineAddressBook,
        ];
        var folders = places.Select(place => store.WireId(store.FolderOf(place)));
        var none = Enumerable.Repeat(default(ObjectId), LogonResponse.FolderIdCount - places.Length);
        context.Put(request.HandleIndex, new LogonObject(store, request.LogonId, context.Session.Account, context.Behaviour));
        context.Session.LoggedOn(request.LogonId, isPublic: true);
        return new PublicLogonResponse(
            request.HandleIndex, request.LogonFlags, [.. folders, .. none], MailboxStore.ReplicaId, store.ReplicaGuid, PerUserGuid: Guid.Empty);
    }

    private static LogonResponse Response(RopContext context, LogonRequest request, MailboxStore mailbox)
    {
        var folders = Enumerable.Range(0, SpecialFolders.LogonFolderCount)
            .Select(place => mailbox.WireId(mailbox.FolderOf((SpecialFolder)place))).ToList();
        return new LogonResponse(
            request.HandleIndex, LogonFlags.Private, folders,
            ResponseFlags(context, request, mailbox),
            mailbox.MailboxGuid, MailboxStore.ReplicaId, mailbox.ReplicaGuid, context.Clock.GetUtcNow().UtcDateTime, GwartTime: 1, StoreState: 0);
    }
}
