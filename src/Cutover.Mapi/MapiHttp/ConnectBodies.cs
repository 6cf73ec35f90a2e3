using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.MapiHttp;

/// <summary>The body of a Connect request. The client's version travels in X-ClientApplication. Source: [MS-OXCMAPIHTTP] 2.2.4.1.1.</summary>
public static class ConnectRequestBody
{
    public static ReadOnlyMemory<byte> Write(ConnectCall call) => new RopWriter()
        .WriteString8(call.UserDN)
        .WriteUInt32(call.Flags)
        .WriteUInt32(call.CodePage)
        .WriteUInt32(call.SortLocale)
        .WriteUInt32(call.StringLocale)
        .WriteSized(call.AuxiliaryIn)
        .Written;

    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static ConnectCall Read(ReadOnlyMemory<byte> body, MapiVersion clientVersion)
    {
        var reader = new RopReader(body);
        return new ConnectCall(reader.ReadString8(), clientVersion)
        {
            Flags = reader.ReadUInt32(),
            CodePage = reader.ReadUInt32(),
            SortLocale = reader.ReadUInt32(),
            StringLocale = reader.ReadUInt32(),
            AuxiliaryIn = SizedBytes.Read(reader),
        };
    }
}

/// <summary>The body of the answer to Connect. The server's version travels in X-ServerApplication. Source: [MS-OXCMAPIHTTP] 2.2.4.1.2.</summary>
public static class ConnectResponseBody
{
    public static ReadOnlyMemory<byte> Write(ConnectResult result) => new RopWriter()
        .WriteUInt32(MapiHttpStatus.Success)
        .WriteUInt32(result.Result)
        .WriteUInt32(result.PollsMaximum)
        .WriteUInt32(result.RetryCount)
        .WriteUInt32(result.RetryDelay)
        .WriteString8(result.DNPrefix)
        .WriteString(result.DisplayName)
        .WriteSized(result.AuxiliaryOut)
        .Written;

    /// <exception cref="MapiException">The request failed: the status code is not 0.</exception>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static ConnectResult Read(ReadOnlyMemory<byte> body, MapiVersion serverVersion)
    {
        var reader = new RopReader(body);
        MapiHttpStatus.Check(reader, MailStoreRequestType.Connect);
        return new ConnectResult(reader.ReadUInt32())
        {
            PollsMaximum = reader.ReadUInt32(),
            RetryCount = reader.ReadUInt32(),
            RetryDelay = reader.ReadUInt32(),
            DNPrefix = reader.ReadString8(),
            DisplayName = reader.ReadString(),
            AuxiliaryOut = SizedBytes.Read(reader),
            ServerVersion = serverVersion,
        };
    }
}

/// <summary>StatusCode, which begins every response body. Source: [MS-OXCMAPIHTTP] 2.2.4.1.2, 2.2.4.1.3.</summary>
internal static class MapiHttpStatus
{
    public const uint Success = 0;

    /// <exception cref="MapiException">It is not 0: the body of a failed request has nothing else but auxiliary data.</exception>
    public static void Check(RopReader reader, string requestType)
    {
        var status = reader.ReadUInt32();
        if (status != Success) throw new MapiException(requestType, status, "the request as a whole failed");
    }

    /// <summary>The body of a request that failed as a whole. Source: [MS-OXCMAPIHTTP] 2.2.4.1.3.</summary>
    public static ReadOnlyMemory<byte> Failed(uint status) => new RopWriter().WriteUInt32(status).WriteSized(default).Written;
}
