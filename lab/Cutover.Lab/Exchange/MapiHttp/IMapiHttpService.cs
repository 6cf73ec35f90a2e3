using Cutover.Lab.Organisation;
using Cutover.Mapi;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>What an endpoint serves: request types in, bodies out. It knows no headers and no cookies.</summary>
internal interface IMapiHttpService
{
    /// <summary>The request type that opens a session, and the one that ends it.</summary>
    string Opening { get; }

    string Closing { get; }

    /// <summary>True for the request types of this endpoint, PING and the two above left out.</summary>
    bool Serves(string requestType);

    /// <summary>True for a request that may come while another of its session is under way.</summary>
    bool IsOutOfTurn(string requestType);

    /// <summary>Opens a session. Its id is null when the body tells of a refusal.</summary>
    /// <exception cref="MapiProtocolException">The body is broken.</exception>
    (Guid? Session, ReadOnlyMemory<byte> Body) Open(MapiHttpCall call);

    /// <summary>Reads the body of a request and returns what answers it.</summary>
    /// <exception cref="MapiProtocolException">The body is broken.</exception>
    Func<CancellationToken, Task<ReadOnlyMemory<byte>>> Prepare(MapiHttpCall call, Guid session);

    /// <summary>Lets go of a session.</summary>
    void Drop(Guid session);
}

/// <summary>One request.</summary>
/// <param name="ClientApplication">Outlook/15.00.4551.1000, or nothing.</param>
internal sealed record MapiHttpCall(LabAccount Caller, string RequestType, string ClientApplication, ReadOnlyMemory<byte> Body);
