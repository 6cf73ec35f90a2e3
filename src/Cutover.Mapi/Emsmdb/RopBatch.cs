using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Emsmdb;

/// <summary>ROPs that go to the server together, and the server object handle table that they share.</summary>
public sealed class RopBatch
{
    private readonly List<RopRequest> requests = [];
    private readonly List<uint> handles = [];

    public IReadOnlyList<RopRequest> Requests => requests;

    public IReadOnlyList<uint> Handles => handles;

    /// <summary>Puts a handle in the table and returns its index.</summary>
    public byte Use(uint handle)
    {
        handles.Add(handle);
        return checked((byte)(handles.Count - 1));
    }

    /// <summary>Makes room for a handle that one of the ROPs yields and returns its index.</summary>
    public byte Receive() => Use(RopBuffer.NoHandle);

    public RopBatch Add(RopRequest request)
    {
        requests.Add(request);
        return this;
    }
}

/// <summary>What the server answered to a <see cref="RopBatch"/>.</summary>
public sealed record RopAnswer(IReadOnlyList<RopResponse> Responses, IReadOnlyList<uint> Handles)
{
    /// <summary>The responses of this type, in order.</summary>
    public IEnumerable<T> All<T>() where T : RopResponse => Responses.OfType<T>();

    /// <summary>The one response of this type.</summary>
    /// <exception cref="MapiProtocolException">The server did not give it.</exception>
    public T Get<T>() where T : RopResponse =>
        All<T>().FirstOrDefault() ?? throw new MapiProtocolException($"The server's answer has no {typeof(T).Name}");

    /// <exception cref="MapiException">A ROP failed; names the first that did.</exception>
    public RopAnswer ThrowIfFailed() => ThrowIfFailed(_ => true);

    /// <exception cref="MapiException">A ROP that <paramref name="matters"/> failed; names the first that did.</exception>
    public RopAnswer ThrowIfFailed(Func<RopResponse, bool> matters)
    {
        var failed = Responses.FirstOrDefault(response => !response.IsSuccess && matters(response));
        return failed is null ? this : throw new MapiException($"Rop{failed.Id}", failed.ReturnValue);
    }
}
