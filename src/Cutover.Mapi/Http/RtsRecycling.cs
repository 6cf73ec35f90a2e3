namespace Cutover.Mapi.Http;

/// <summary>What an RTS PDU on the OUT channel means for a recycling. R1: another proxy takes over; R2: the same one.</summary>
public enum RecyclingStep
{
    None,

    /// <summary>OUT_R1/A2 and OUT_R2/A2: open a successor of the OUT channel.</summary>
    OutA2,
    OutR1A6,
    OutR1A10,
    OutR2A6,
    OutR2B3,
    InR1A4,
    InR2A4,
}

/// <summary>The PDUs with which a channel gives way to its successor before its Content-Length is used up. Source: [MS-RPCH] 2.2.4.10 to 2.2.4.46.</summary>
public sealed partial record RtsPdu
{
    private static readonly RtsCommand ToClient = new RtsCommand.Destination(RtsDestination.Client);
    private static readonly RtsCommand ToServer = new RtsCommand.Destination(RtsDestination.Server);

    /// <summary>The step that this PDU is, seen by a client.</summary>
    public RecyclingStep Step => (Flags, Commands) switch
    {
        (RtsFlags.RecycleChannel, [RtsCommand.Destination(RtsDestination.Client)]) => RecyclingStep.OutA2,
        (RtsFlags.OutChannel, [RtsCommand.Destination(RtsDestination.Client), RtsCommand.Version, RtsCommand.ConnectionTimeout]) => RecyclingStep.OutR1A6,
        (RtsFlags.None, [RtsCommand.Ance]) => RecyclingStep.OutR1A10,
        (RtsFlags.None, [RtsCommand.Destination(RtsDestination.Client), RtsCommand.Ance]) => RecyclingStep.OutR2A6,
        (RtsFlags.Eof, [RtsCommand.Ance]) => RecyclingStep.OutR2B3,
        (RtsFlags.None, [RtsCommand.Destination(RtsDestination.Client), RtsCommand.Version, RtsCommand.ReceiveWindowSize, RtsCommand.ConnectionTimeout]) =>
            RecyclingStep.InR1A4,
        (RtsFlags.None, [RtsCommand.Destination(RtsDestination.Client)]) => RecyclingStep.InR2A4,
        _ => RecyclingStep.None,
    };

    /// <summary>OUT_R1/A2 and OUT_R2/A2, proxy to client: please open a successor. Source: 2.2.4.24, 2.2.4.35.</summary>
    public static RtsPdu OutA2() => new(RtsFlags.RecycleChannel, ToClient);

    /// <summary>OUT_R1/A3 and OUT_R2/A3: opens the successor of an OUT channel, on it. Source: 2.2.4.25, 2.2.4.36.</summary>
    public static RtsPdu OutA3(Guid connection, Guid predecessor, Guid successor, uint receiveWindow) => new(
        RtsFlags.RecycleChannel,
        ProtocolVersion,
        new RtsCommand.Cookie(connection),
        new RtsCommand.Cookie(predecessor),
        new RtsCommand.Cookie(successor),
        new RtsCommand.ReceiveWindowSize(receiveWindow));

    /// <summary>OUT_R1/A6, on the old OUT channel: another proxy has the successor. Source: 2.2.4.28.</summary>
    public static RtsPdu OutR1A6(uint timeoutMilliseconds) =>
        new(RtsFlags.OutChannel, ToClient, ProtocolVersion, new RtsCommand.ConnectionTimeout(timeoutMilliseconds));

    /// <summary>OUT_R1/A7, on IN: the client has the successor. Source: 2.2.4.29.</summary>
    public static RtsPdu OutR1A7(Guid successor) => new(RtsFlags.OutChannel, ToServer, new RtsCommand.Cookie(successor));

    /// <summary>OUT_R1/A10, the last PDU of the old OUT channel. Source: 2.2.4.32.</summary>
    public static RtsPdu OutR1A10() => new(RtsFlags.None, new RtsCommand.Ance());

    /// <summary>OUT_R1/A11, on the successor: let it flow. Source: 2.2.4.33.</summary>
    public static RtsPdu OutR1A11() => new(RtsFlags.None, new RtsCommand.Ance());

    /// <summary>OUT_R2/A6, on the old OUT channel: the same proxy has the successor. Source: 2.2.4.39.</summary>
    public static RtsPdu OutR2A6() => new(RtsFlags.None, ToClient, new RtsCommand.Ance());

    /// <summary>OUT_R2/A7, on IN: the client has the successor. Source: 2.2.4.40.</summary>
    public static RtsPdu OutR2A7(Guid successor) => new(RtsFlags.OutChannel, ToServer, new RtsCommand.Cookie(successor), ProtocolVersion);

    /// <summary>OUT_R2/B3, the last PDU of the old OUT channel. Source: 2.2.4.44.</summary>
    public static RtsPdu OutR2B3() => new(RtsFlags.Eof, new RtsCommand.Ance());

    /// <summary>OUT_R2/C1, on the successor: it fills the request that was announced with 120 bytes. Source: 2.2.4.45.</summary>
    public static RtsPdu OutR2C1() => new(RtsFlags.Ping, new RtsCommand.Empty());

    /// <summary>IN_R1/A1 and IN_R2/A1: opens the successor of an IN channel, on it. Source: 2.2.4.10, 2.2.4.18.</summary>
    public static RtsPdu InA1(Guid connection, Guid predecessor, Guid successor) => new(
        RtsFlags.RecycleChannel,
        ProtocolVersion,
        new RtsCommand.Cookie(connection),
        new RtsCommand.Cookie(predecessor),
        new RtsCommand.Cookie(successor));

    /// <summary>IN_R1/A4, on OUT: another proxy has the successor, with this window. Source: 2.2.4.13.</summary>
    public static RtsPdu InR1A4(uint receiveWindow, uint timeoutMilliseconds) => new(
        RtsFlags.None, ToClient, ProtocolVersion, new RtsCommand.ReceiveWindowSize(receiveWindow), new RtsCommand.ConnectionTimeout(timeoutMilliseconds));

    /// <summary>IN_R2/A4, on OUT: the same proxy has the successor. Source: 2.2.4.21.</summary>
    public static RtsPdu InR2A4() => new(RtsFlags.None, ToClient);

    /// <summary>IN_R1/A5 and IN_R2/A5: the last PDU of the old IN channel. Source: 2.2.4.14, 2.2.4.22.</summary>
    public static RtsPdu InA5(Guid successor) => new(RtsFlags.None, new RtsCommand.Cookie(successor));
}
