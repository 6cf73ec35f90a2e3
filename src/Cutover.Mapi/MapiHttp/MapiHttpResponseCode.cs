namespace Cutover.Mapi.MapiHttp;

/// <summary>What X-ResponseCode says. Source: [MS-OXCMAPIHTTP] 2.2.3.3.3.</summary>
public enum MapiHttpResponseCode
{
    Success = 0,
    UnknownFailure = 1,
    InvalidVerb = 2,
    InvalidPath = 3,
    InvalidHeader = 4,
    InvalidRequestType = 5,
    InvalidContextCookie = 6,
    MissingHeader = 7,
    AnonymousNotAllowed = 8,
    TooLarge = 9,

    /// <summary>The session is unknown, has expired, or belongs to somebody else.</summary>
    ContextNotFound = 10,
    NoPrivilege = 11,
    InvalidRequestBody = 12,
    MissingCookie = 13,

    /// <summary>Another request of this session is under way, or this one is out of turn.</summary>
    InvalidSequence = 15,
    EndpointDisabled = 16,
    InvalidResponse = 17,
    EndpointShuttingDown = 18,
}
