using Cutover.Lab.Exchange.Store;
using Cutover.Mapi;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// What the ROPs of one buffer share: the session, the handle table, and how much room is left for answers. Source: [MS-OXCROPS] 3.2.5.1.
/// </summary>
internal sealed class RopContext(ExchangeStore store, EmsmdbOptions options, Session session, IEnumerable<uint> handles)
{
    private readonly List<uint> handles = [.. handles];

    public ExchangeStore Store => store;

    public TimeProvider Clock => options.Clock;

    public EmsmdbOptions Options => options;

    public ServerBehaviour Behaviour { get; } = options.Behaviour;

    public Session Session => session;

    public IReadOnlyList<uint> Handles => handles;

    /// <summary>Bytes that the next response may take.</summary>
    public int Room { get; set; }

    /// <exception cref="RopException">The index or the handle names no such object.</exception>
    public T Get<T>(byte index) where T : class
    {
        if (index >= handles.Count) throw new RopException(MapiErrorCode.NullObject);
        return session.Get<T>(handles[index]);
    }

    /// <summary>What the index holds, if anything.</summary>
    public ServerObject? Find(byte index) => index < handles.Count ? session.Find(handles[index]) : null;

    /// <exception cref="RopException">The index holds no message: ecNullObject, whatever else it holds. Source: [MS-OXCMSG] 3.2.5.</exception>
    public MessageObject GetMessage(byte index) => Get<ServerObject>(index) as MessageObject ?? throw new RopException(MapiErrorCode.NullObject);

    /// <exception cref="RopException">The index holds no folder: ecNullObject, whatever else it holds.</exception>
    public FolderObject GetFolder(byte index) => Get<ServerObject>(index) as FolderObject ?? throw new RopException(MapiErrorCode.NullObject);

    /// <exception cref="RopException">The index holds no logon to a private mailbox. Source: [MS-OXCSTOR] 3.2.5.</exception>
    public LogonObject GetPrivateLogon(byte index) =>
        Get<LogonObject>(index) is { Mailbox.IsPublic: false } logon ? logon : throw new RopException(MapiErrorCode.NotSupported);

    /// <summary>The object that something is copied to.</summary>
    /// <exception cref="RopException">The index holds no object, said in the way that copying ROPs say it.</exception>
    public T GetDestination<T>(byte index) where T : class
    {
        try
        {
            return Get<T>(index);
        }
        catch (RopException e) when (e.ErrorCode == MapiErrorCode.NullObject)
        {
            throw new RopException(MapiErrorCode.NullDestinationObject);
        }
    }

    /// <summary>Keeps a new object and puts its handle in the table.</summary>
    /// <exception cref="MapiProtocolException">The client's table has no such place. Source: [MS-OXCROPS] 3.2.5.1.</exception>
    public void Put(byte index, ServerObject opened)
    {
        if (index >= handles.Count) throw new MapiProtocolException($"ROP buffer: handle index {index} in a table of {handles.Count}");
        handles[index] = session.Add(opened);
    }

    /// <summary>Forgets an object. Its handle stays in the table and means nothing. Source: [MS-OXCROPS] 3.2.5.1.</summary>
    public void Release(byte index)
    {
        if (index < handles.Count) session.Release(handles[index]);
    }
}
