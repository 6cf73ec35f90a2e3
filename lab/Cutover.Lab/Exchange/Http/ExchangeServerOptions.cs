using Cutover.Lab.Certificates;
using Cutover.Lab.Exchange.AddressBook;
using Cutover.Lab.Exchange.Emsmdb;
using Cutover.Lab.Exchange.MapiHttp;
using Cutover.Lab.Faults;
using Cutover.Lab.Organisation;
using Cutover.Mapi.Http;
using Cutover.Mapi.Rpc;

namespace Cutover.Lab.Exchange.Http;

/// <summary>What the lab's Exchange is made of.</summary>
public sealed record ExchangeServerOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    public required ContosoOrganisation Organisation { get; init; }

    /// <summary>Who may sign in besides the organisation's administrator.</summary>
    public IReadOnlyList<LabAccount> Accounts { get; init; } = [];

    /// <summary>By the port in the proxy's URL: 6001 EMSMDB, 6002 RFR, 6004 NSPI.</summary>
    public required IReadOnlyDictionary<int, IRpcInterface> Interfaces { get; init; }

    /// <summary>What /mapi/emsmdb/ serves; null leaves MAPI over HTTP out.</summary>
    public MailStoreService? MailStore { get; init; }

    /// <summary>What /mapi/nspi/ serves; null leaves it out.</summary>
    public AddressBookService? AddressBook { get; init; }

    public MapiHttpOptions MapiHttp { get; init; } = new();

    public AutodiscoverOptions Autodiscover { get; init; } = new();

    public required CertificateChain CertificateChain { get; init; }

    /// <summary>What the virtual directories offer, in this order.</summary>
    public IReadOnlyList<HttpAuthenticationScheme> Authentication { get; init; } = [HttpAuthenticationScheme.Ntlm, HttpAuthenticationScheme.Basic];

    /// <summary>Extended Protection: NTLM and Negotiate must be bound to this server's TLS channel.</summary>
    public bool RequiresChannelBinding { get; init; }

    /// <summary>Sessions need privacy at the RPC level, as in Exchange 2010 by default; others are told ecNotEncrypted.</summary>
    public bool RequiresEncryption { get; init; }

    /// <summary>What clients may ask for at the RPC level; a sign-in for another level is refused with bind_nak.</summary>
    public IReadOnlyList<RpcAuthenticationLevel> RpcLevels { get; init; } =
        [RpcAuthenticationLevel.Connect, RpcAuthenticationLevel.Integrity, RpcAuthenticationLevel.Privacy];

    /// <summary>Security providers at the RPC level; a sign-in with another is refused with bind_nak.</summary>
    public IReadOnlyList<RpcAuthenticationType> RpcProviders { get; init; } = [RpcAuthenticationType.Ntlm, RpcAuthenticationType.Negotiate];

    /// <summary>Stands in the middle: may change the bytes of an RPC PDU after it was signed, on its way to the client.</summary>
    public Action<byte[]>? Tamper { get; init; }

    /// <summary>Agrees to sign PDU headers, as Windows does since 2000 SP4; without it clients send a verification trailer.</summary>
    public bool SignsHeaders { get; init; } = true;

    /// <summary>Hears every verification trailer.</summary>
    public Action<RpcVerificationTrailer>? OnVerification { get; init; }

    /// <summary>Hears why a sign-in was refused.</summary>
    public Action<Exception>? OnRefusal { get; init; }

    public FaultSwitches FaultSwitches { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What the IN channel may have on its way to us; 8 KiB to 256 KiB.</summary>
    public uint ReceiveWindow { get; init; } = 64 * 1024;

    /// <summary>The OUT channel's Content-Length: after so many bytes it is used up.</summary>
    public long OutChannelLifetime { get; init; } = 1 << 30;

    /// <summary>What happens when a channel nears its end.</summary>
    public ChannelRecycling ChannelRecycling { get; init; }

    /// <summary>Cuts and joins PDUs anywhere on the OUT channel, the same way for the same seed; null sends each answer as it is.</summary>
    public int? SplitterSeed { get; init; }

    /// <summary>Answers the OUT channel in chunks, as TMG, ISA, F5 and ARR do.</summary>
    public bool ChunkedOutChannel { get; init; }

    /// <summary>Half of it without traffic brings a ping.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What IN_R1/A4 and OUT_R1/A6 announce for successors; null is <see cref="ConnectionTimeout"/>. The pings stay as they are.</summary>
    public TimeSpan? SuccessorTimeout { get; init; }

    internal uint SuccessorTimeoutMilliseconds => (uint)(SuccessorTimeout ?? ConnectionTimeout).TotalMilliseconds;

    /// <summary>Hears of errors that an interface did not turn into an answer.</summary>
    public Action<Exception>? OnError { get; init; }

    /// <summary>Hears every RTS PDU that a client sends on an open IN channel.</summary>
    public Action<RtsPdu>? OnRts { get; init; }

    /// <summary>The name in Outlook Anywhere's URL and certificate.</summary>
    public string ProxyHost => $"mail.{Organisation.Domain}";

    /// <summary>The server behind the proxy, as Autodiscover's EXCH block names it.</summary>
    public string ServerName => $"EX01.{Organisation.Domain}";

    public string AutodiscoverHost => $"autodiscover.{Organisation.Domain}";
}
