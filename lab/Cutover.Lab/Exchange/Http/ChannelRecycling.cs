namespace Cutover.Lab.Exchange.Http;

/// <summary>What the RPC proxy does when a channel nears its end. Source: [MS-RPCH] 3.2.1.5.3.</summary>
public enum ChannelRecycling
{
    /// <summary>One proxy has both channels: sequences IN_R2 and OUT_R2.</summary>
    R2,

    /// <summary>A farm in which the successor comes to another proxy: sequences IN_R1 and OUT_R1, as a client sees them.</summary>
    R1,

    /// <summary>Nothing: channels end when they are used up.</summary>
    None,
}
