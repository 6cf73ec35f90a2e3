using Cutover.Mapi.MapiHttp;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>A request that is answered with a response code other than 0.</summary>
internal sealed class MapiHttpFailure(MapiHttpResponseCode code, string message) : Exception(message)
{
    public MapiHttpResponseCode Code => code;
}
