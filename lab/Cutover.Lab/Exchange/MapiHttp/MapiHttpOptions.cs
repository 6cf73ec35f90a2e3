using Cutover.Lab.Faults;
using Cutover.Mapi.Emsmdb;

namespace Cutover.Lab.Exchange.MapiHttp;

/// <summary>How the endpoints of MAPI over HTTP behave; the values are those of Exchange 2016.</summary>
public sealed record MapiHttpOptions
{
    /// <summary>What X-ServerApplication says: Exchange 2016 CU23.</summary>
    public MapiVersion ServerVersion { get; init; } = new(15, 1, 2507, 6);

    /// <summary>A working server says PENDING this often.</summary>
    public TimeSpan PendingPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A session context without a request lives this long.</summary>
    public TimeSpan Expiration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>NotificationWait answers after this long without an event. Source: [MS-OXCMAPIHTTP] 3.2.2.</summary>
    public TimeSpan NotificationTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest request; more gets X-ResponseCode 9.</summary>
    public int MaximumRequest { get; init; } = 512 * 1024;

    /// <summary>
    /// Strikes request types by name, such as "MAPI Execute": Refuse loses the session context, ServiceUnavailable is X-ResponseCode 18, Slow
    /// works for the rule's delay, LoseResponse does the work and cuts the connection.
    /// </summary>
    public FaultSwitches Faults { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
