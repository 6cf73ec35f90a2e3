using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.MapiHttp;

/// <summary>The body of an Execute request. Source: [MS-OXCMAPIHTTP] 2.2.4.2.1.</summary>
public static class ExecuteRequestBody
{
    public static ReadOnlyMemory<byte> Write(ExecuteCall call) => new RopWriter()
        .WriteUInt32((uint)call.Flags)
        .WriteSized(call.Input)
        .WriteUInt32(call.MaximumOutput)
        .WriteSized(call.AuxiliaryIn)
        .Written;

    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static ExecuteCall Read(ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        return new ExecuteCall((RpcExt2Flags)reader.ReadUInt32(), SizedBytes.Read(reader), reader.ReadUInt32())
        {
            AuxiliaryIn = SizedBytes.Read(reader),
        };
    }
}

/// <summary>The body of the answer to Execute. Source: [MS-OXCMAPIHTTP] 2.2.4.2.2.</summary>
public static class ExecuteResponseBody
{
    public static ReadOnlyMemory<byte> Write(ExecuteResult result) => new RopWriter()
        .WriteUInt32(MapiHttpStatus.Success)
        .WriteUInt32(result.Result)
        .WriteUInt32(0) // Flags, reserved
        .WriteSized(result.Output)
        .WriteSized(result.AuxiliaryOut)
        .Written;

    /// <exception cref="MapiException">The request failed: the status code is not 0.</exception>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static ExecuteResult Read(ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        MapiHttpStatus.Check(reader, MailStoreRequestType.Execute);
        var result = reader.ReadUInt32();
        reader.ReadUInt32(); // Flags, reserved
        return new ExecuteResult(SizedBytes.Read(reader), result) { AuxiliaryOut = SizedBytes.Read(reader) };
    }
}

/// <summary>The body of a Disconnect request: auxiliary data, of which we send none. Source: [MS-OXCMAPIHTTP] 2.2.4.3.1.</summary>
public static class DisconnectRequestBody
{
    public static ReadOnlyMemory<byte> Write() => new RopWriter().WriteSized(default).Written;

    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static void Read(ReadOnlyMemory<byte> body) => SizedBytes.Read(new RopReader(body));
}

/// <summary>The body of the answer to Disconnect. Source: [MS-OXCMAPIHTTP] 2.2.4.3.2.</summary>
public static class DisconnectResponseBody
{
    public static ReadOnlyMemory<byte> Write(uint result) =>
        new RopWriter().WriteUInt32(MapiHttpStatus.Success).WriteUInt32(result).WriteSized(default).Written;

    /// <summary>How it went.</summary>
    /// <exception cref="MapiException">The request failed: the status code is not 0.</exception>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static uint Read(ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        MapiHttpStatus.Check(reader, MailStoreRequestType.Disconnect);
        var result = reader.ReadUInt32();
        SizedBytes.Read(reader);
        return result;
    }
}

/// <summary>The bodies of NotificationWait, which only servers and tests need. Source: [MS-OXCMAPIHTTP] 2.2.4.4.</summary>
public static class NotificationWaitBodies
{
    public static ReadOnlyMemory<byte> WriteRequest() => new RopWriter().WriteUInt32(0).WriteSized(default).Written;

    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static void ReadRequest(ReadOnlyMemory<byte> body)
    {
        var reader = new RopReader(body);
        reader.ReadUInt32(); // Flags, reserved
        SizedBytes.Read(reader);
    }

    public static ReadOnlyMemory<byte> WriteResponse(bool eventPending) => new RopWriter()
        .WriteUInt32(MapiHttpStatus.Success)
        .WriteUInt32(MapiErrorCode.Success)
        .WriteUInt32(eventPending ? 1u : 0u)
        .WriteSized(default)
        .Written;
}
