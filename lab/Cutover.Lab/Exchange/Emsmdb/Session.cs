using Cutover.Lab.Exchange.Store;
using Cutover.Lab.Organisation;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>A session context: who connected and what they hold open. One call at a time. Source: [MS-OXCRPC] 3.1.1.1.</summary>
internal sealed class Session(LabAccount account, ConnectCall connect)
{
    private readonly Dictionary<uint, ServerObject> objects = [];
    private readonly HashSet<MailboxStore> delegated = [];
    private uint nextHandle;

    public LabAccount Account => account;

    /// <summary>The server adapts to it.</summary>
    public MapiVersion ClientVersion => connect.ClientVersion;

    /// <summary>Held while a call runs.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The mailbox of the first logon, which fixes the REPLID mapping of the session. Source: [MS-OXCSTOR] 3.2.5.1.1.</summary>
    public MailboxStore? FirstMailbox { get; set; }

    /// <summary>The ids of the logons to public folders.</summary>
    public HashSet<byte> PublicLogons { get; } = [];

    /// <summary>From now on each folder's permissions hold in this mailbox.</summary>
    public void BecomeDelegateIn(MailboxStore mailbox) => delegated.Add(mailbox);

    public bool IsDelegateIn(MailboxStore mailbox) => delegated.Contains(mailbox);

    /// <summary>Takes notice of what a logon id stands for from now on.</summary>
    public void LoggedOn(byte logonId, bool isPublic)
    {
        if (isPublic) PublicLogons.Add(logonId);
        else PublicLogons.Remove(logonId);
    }

    /// <summary>Objects that the client has not released.</summary>
    public int OpenObjects => objects.Count;

    /// <summary>What happened that the client registered for.</summary>
    public IEnumerable<NotifyResponse> TakeNotifications() => objects.Where(pair => pair.Value is NotificationObject).ToList()
        .SelectMany(pair => ((NotificationObject)pair.Value).Take(pair.Key));

    public uint Add(ServerObject opened)
    {
        objects.Add(nextHandle, opened);
        return nextHandle++;
    }

    /// <summary>What a handle stands for; null for one that was never given or was released.</summary>
    public ServerObject? Find(uint handle) => objects.GetValueOrDefault(handle);

    /// <exception cref="RopException">
    /// The handle was never given, was released, or is of another kind of object. Source: [MS-OXCTABL] 3.2.5.15.
    /// </exception>
    public T Get<T>(uint handle) where T : class
    {
        if (!objects.TryGetValue(handle, out var found)) throw new RopException(MapiErrorCode.NullObject);
        return found as T ?? throw new RopException(MapiErrorCode.NotSupported);
    }

    public void Release(uint handle)
    {
        if (objects.Remove(handle, out var released)) released.Released();
    }
}
