using Cutover.Mapi.MapiHttp;
using Cutover.Mapi.Rops;
using Cutover.Mapi.Rpc;

namespace Cutover.Mapi.AddressBook;

/// <summary>The address book's requests by their names in X-RequestType, and by their operation numbers. Source: [MS-OXCMAPIHTTP] 2.2.3.3.1.</summary>
public static class NspiBody
{
    /// <summary>The names over HTTP are those of the methods, without Nspi; names to resolve are always Unicode.</summary>
    public static string RequestTypeOf(NspiOperation operation) =>
        operation == NspiOperation.ResolveNamesW ? nameof(NspiOperation.ResolveNames) : operation.ToString();

    /// <summary>The operation of a request type; null when it is none of the address book's.</summary>
    public static NspiOperation? OperationOf(string requestType) => requestType switch
    {
        nameof(NspiOperation.ResolveNames) => NspiOperation.ResolveNamesW,
        nameof(NspiOperation.ResolveNamesW) => null,
        _ => Enum.TryParse<NspiOperation>(requestType, out var operation) && operation.ToString() == requestType ? operation : null,
    };

    /// <summary>A request from the body of its HTTP request.</summary>
    /// <param name="context">The session that its cookies name.</param>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static NspiRequest ReadRequest(NspiOperation operation, ReadOnlyMemory<byte> body, RpcContextHandle context)
    {
        var reader = new RopReader(body);
        NspiRequest request = operation switch
        {
            NspiOperation.Bind => NspiBindRequest.ReadFlat(reader),
            NspiOperation.Unbind => NspiUnbindRequest.ReadFlat(reader),
            NspiOperation.UpdateStat => NspiUpdateStatRequest.ReadFlat(reader),
            NspiOperation.QueryRows => NspiQueryRowsRequest.ReadFlat(reader),
            NspiOperation.SeekEntries => NspiSeekEntriesRequest.ReadFlat(reader),
            NspiOperation.GetMatches => NspiGetMatchesRequest.ReadFlat(reader),
            NspiOperation.ResortRestriction => NspiResortRestrictionRequest.ReadFlat(reader),
            NspiOperation.DNToMId => NspiDNToMIdRequest.ReadFlat(reader),
            NspiOperation.GetPropList => NspiGetPropListRequest.ReadFlat(reader),
            NspiOperation.GetProps => NspiGetPropsRequest.ReadFlat(reader),
            NspiOperation.CompareMIds => NspiCompareMIdsRequest.ReadFlat(reader),
            NspiOperation.ModProps => NspiModPropsRequest.ReadFlat(reader),
            NspiOperation.GetSpecialTable => NspiGetSpecialTableRequest.ReadFlat(reader),
            NspiOperation.GetTemplateInfo => NspiGetTemplateInfoRequest.ReadFlat(reader),
            NspiOperation.ModLinkAtt => NspiModLinkAttRequest.ReadFlat(reader),
            NspiOperation.QueryColumns => NspiQueryColumnsRequest.ReadFlat(reader),
            NspiOperation.ResolveNamesW => NspiResolveNamesRequest.ReadFlat(reader),
            _ => throw new MapiProtocolException($"The address book has no request type {operation}"),
        };
        SizedBytes.Read(reader);
        return request with { Context = context };
    }

    /// <summary>A request from the stub of its RPC call; null for an operation that there is none of.</summary>
    /// <exception cref="MapiProtocolException">The stub is none.</exception>
    public static NspiRequest? ReadStub(NspiOperation operation, ReadOnlySpan<byte> stub) => operation switch
    {
        NspiOperation.Bind => NspiBindRequest.Read(stub),
        NspiOperation.Unbind => NspiUnbindRequest.Read(stub),
        NspiOperation.UpdateStat => NspiUpdateStatRequest.Read(stub),
        NspiOperation.QueryRows => NspiQueryRowsRequest.Read(stub),
        NspiOperation.SeekEntries => NspiSeekEntriesRequest.Read(stub),
        NspiOperation.GetMatches => NspiGetMatchesRequest.Read(stub),
        NspiOperation.ResortRestriction => NspiResortRestrictionRequest.Read(stub),
        NspiOperation.DNToMId => NspiDNToMIdRequest.Read(stub),
        NspiOperation.GetPropList => NspiGetPropListRequest.Read(stub),
        NspiOperation.GetProps => NspiGetPropsRequest.Read(stub),
        NspiOperation.CompareMIds => NspiCompareMIdsRequest.Read(stub),
        NspiOperation.ModProps => NspiModPropsRequest.Read(stub),
        NspiOperation.GetSpecialTable => NspiGetSpecialTableRequest.Read(stub),
        NspiOperation.GetTemplateInfo => NspiGetTemplateInfoRequest.Read(stub),
        NspiOperation.ModLinkAtt => NspiModLinkAttRequest.Read(stub),
        NspiOperation.QueryColumns => NspiQueryColumnsRequest.Read(stub),
        NspiOperation.ResolveNames => NspiResolveNamesRequest.Read(stub, isUnicode: false),
        NspiOperation.ResolveNamesW => NspiResolveNamesRequest.Read(stub),
        _ => null,
    };

    /// <summary>The answer from the body of its HTTP response.</summary>
    /// <exception cref="MapiException">The request failed as a whole: the status code is not 0.</exception>
    /// <exception cref="MapiProtocolException">The body is none.</exception>
    public static TAnswer ReadAnswer<TAnswer>(NspiRequest<TAnswer> request, ReadOnlyMemory<byte> body) where TAnswer : NspiAnswer
    {
        var reader = new RopReader(body);
        MapiHttpStatus.Check(reader, RequestTypeOf(request.Operation));
        var answer = request.ReadFlatAnswer(reader, reader.ReadUInt32());
        SizedBytes.Read(reader);
        return answer;
    }
}
