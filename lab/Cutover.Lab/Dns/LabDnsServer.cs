using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using ARSoft.Tools.Net.Dns.DynamicUpdate;
using Cutover.Lab.Certificates;
using Cutover.Lab.Faults;

namespace Cutover.Lab.Dns;

/// <summary>What the lab's DNS server is made of.</summary>
public sealed record LabDnsOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>The one zone, such as contoso.com.</summary>
    public required string Zone { get; init; }

    /// <summary>Where zone and key are kept.</summary>
    public required string Directory { get; init; }

    public FaultSwitches FaultSwitches { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// The primary of Contoso's zone on loopback, over UDP and TCP: answers for its zone alone and takes dynamic updates signed with its key
/// (RFC 2136, RFC 8945). The zone survives the process.
/// </summary>
public sealed class LabDnsServer : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fudge = TimeSpan.FromMinutes(5);
    private readonly DnsServer server;
    private readonly LabZone zone;
    private readonly LabDnsOptions options;
    private readonly byte[] key;
    private readonly CancellationTokenSource stopping = new();

    private LabDnsServer(LabDnsOptions options, int port)
    {
        this.options = options;
        EndPoint = new IPEndPoint(IPAddress.Loopback, port);
        key = OpenKey(Path.Combine(options.Directory, "tsig.key"));
        var name = DomainName.Parse(options.Zone);
        zone = new LabZone(name, Path.Combine(options.Directory, $"{options.Zone}.zone"), Beginning(name));
        var timeout = (int)AnswerTimeout.TotalMilliseconds;
        server = new DnsServer(new UdpServerTransport(EndPoint, timeout), new TcpServerTransport(EndPoint, timeout));
        server.TsigKeySelector = (_, _, keyName) => keyName.Equals(DomainName.Parse(KeyName)) ? key : null;
        server.QueryReceived += OnQueryReceivedAsync;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The key that may change the zone, hmac-sha256.</summary>
    public string KeyName => $"cutover.{options.Zone}";

    /// <summary>Its secret, base64.</summary>
    public string KeySecret => Convert.ToBase64String(key);

    /// <summary>The zone as it stands, a master file's lines.</summary>
    public IReadOnlyList<string> Records => [.. zone.Records.Select(record => record.ToString())];

    /// <exception cref="LabPortTakenException">Another program holds the port.</exception>
    public static Task<LabDnsServer> StartAsync(LabDnsOptions options)
    {
        Directory.CreateDirectory(options.Directory);
        var dns = new LabDnsServer(options, options.Port == 0 ? LoopbackPort.FindFree() : options.Port);
        try
        {
            dns.server.Start();
        }
        catch (SocketException e)
        {
            throw new LabPortTakenException("The lab's DNS server", dns.EndPoint.Port, e);
        }
        return Task.FromResult(dns);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        try
        {
            server.Stop();
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // The transports were waiting for a client: that is how they end.
        }
        stopping.Dispose();
    }

    private async Task OnQueryReceivedAsync(object sender, QueryReceivedEventArgs arguments)
    {
        if (options.FaultSwitches.Take(arguments.Query is DnsUpdateMessage ? "update" : "query") is { } fault && await StrikeAsync(fault, arguments)) return;
        arguments.Response = arguments.Query switch
        {
            DnsUpdateMessage update => Answer(update),
            DnsMessage query => Answer(query),
            _ => null,
        };
    }

    /// <summary>True when the fault took the place of an answer.</summary>
    private async Task<bool> StrikeAsync(FaultRule fault, QueryReceivedEventArgs arguments)
    {
        switch (fault.Kind)
        {
            case FaultKind.Slow:
                await Task.Delay(fault.Delay, options.Clock, stopping.Token);
                return false;
            case FaultKind.Refuse:
                arguments.Response = Denial(arguments.Query, ReturnCode.Refused);
                return true;
            case FaultKind.ServiceUnavailable or FaultKind.TooManyRequests:
                arguments.Response = Denial(arguments.Query, ReturnCode.ServerFailure);
                return true;
            default:
                if (arguments.Query is DnsUpdateMessage update && fault.Kind == FaultKind.LoseResponse) Answer(update);
                // The library answers in our place when we return without an answer; so we don't return.
                await Task.Delay(Timeout.InfiniteTimeSpan, options.Clock, stopping.Token);
                return true;
        }
    }

    private static DnsMessageBase? Denial(DnsMessageBase query, ReturnCode code)
    {
        DnsMessageBase? denial = query switch
        {
            DnsUpdateMessage update => update.CreateResponseInstance(),
            DnsMessage message => message.CreateResponseInstance(),
            _ => null,
        };
        if (denial is not null) denial.ReturnCode = code;
        return denial;
    }

    private DnsUpdateMessage Answer(DnsUpdateMessage update)
    {
        var response = update.CreateResponseInstance();
        if (update.TSigOptions is not { ValidationResult: ReturnCode.NoError })
        {
            response.ReturnCode = ReturnCode.Refused;
            return response;
        }
        response.ReturnCode = zone.Apply(update);
        response.TSigOptions = new TSigRecord(DomainName.Parse(KeyName), TSigAlgorithm.Sha256, options.Clock.GetUtcNow().UtcDateTime, Fudge,
            update.TransactionID, ReturnCode.NoError, null, key);
        return response;
    }

    private DnsMessage Answer(DnsMessage query)
    {
        var response = query.CreateResponseInstance();
        if (query.Questions is not [var question] || !(question.Name.Equals(zone.Name) || question.Name.IsSubDomainOf(zone.Name)))
            return WithCode(response, ReturnCode.Refused);
        response.IsAuthoritiveAnswer = true;
        var named = zone.Records.Where(record => record.Name.Equals(question.Name)).ToList();
        response.AnswerRecords.AddRange(named.Where(record =>
            question.RecordType == RecordType.Any || record.RecordType == question.RecordType || record is CNameRecord));
        if (response.AnswerRecords.Count == 0) response.AuthorityRecords.Add(zone.Soa);
        return WithCode(response, named.Count == 0 ? ReturnCode.NxDomain : ReturnCode.NoError);
    }

    private static DnsMessage WithCode(DnsMessage response, ReturnCode code)
    {
        response.ReturnCode = code;
        return response;
    }

    private IEnumerable<DnsRecordBase> Beginning(DomainName name)
    {
        const int FourHours = 14_400;
        DomainName Below(string label) => DomainName.Parse($"{label}.{options.Zone}");
        return
        [
            new SoaRecord(name, 3600, Below("ns1"), Below("hostmaster"), 2026110101, 3600, 600, 1_209_600, 300),
            new NsRecord(name, 86_400, Below("ns1")),
            new ARecord(Below("ns1"), 86_400, IPAddress.Loopback),
            new MxRecord(name, FourHours, 10, Below("mail")),
            new TxtRecord(name, 3600, $"v=spf1 mx ip4:192.0.2.25 -all"),
            new TxtRecord(name, 3600, "google-site-verification=4Yx0EXAMPLE"),
            new ARecord(Below("mail"), 3600, IPAddress.Loopback),
            new ARecord(Below("autodiscover"), 3600, IPAddress.Loopback),
            new ARecord(Below("www"), 3600, IPAddress.Loopback),
        ];
    }

    private static byte[] OpenKey(string file)
    {
        if (!File.Exists(file)) File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return Convert.FromBase64String(File.ReadAllText(file));
    }
}
