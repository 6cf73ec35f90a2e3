using System.Globalization;

namespace Cutover.Scale;

/// <summary>What is read, and how little memory must do.</summary>
/// <param name="Items">Messages in the mailbox.</param>
/// <param name="ItemBytes">Bytes of each message's attachment; below 4,096 it is the body instead.</param>
/// <param name="ChannelLifetime">Bytes that an OUT channel carries before the server asks for a successor.</param>
/// <param name="MemoryLimit">The most megabytes of memory that the reading process may ever hold.</param>
/// <param name="Transport">rpcHttp or mapiHttp.</param>
internal sealed record ScaleOptions(int Items, int ItemBytes, long ChannelLifetime, int MemoryLimit, string Transport)
{
    public const string Usage = "usage: --items N --item-bytes N [--channel-lifetime BYTES] [--memory-limit MB] [--transport rpcHttp|mapiHttp]";

    /// <summary>Null when the words are not these.</summary>
    public static ScaleOptions? Parse(string[] args)
    {
        var options = new ScaleOptions(Items: 300_000, ItemBytes: 3_000, ChannelLifetime: 64 << 20, MemoryLimit: 250, Transport: "rpcHttp");
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (options.With(args[i], args[i + 1]) is not { } next) return null;
            options = next;
        }
        return args.Length % 2 == 0 ? options : null;
    }

    public string[] ToArguments() =>
    [
        "--items", Text(Items), "--item-bytes", Text(ItemBytes), "--channel-lifetime", Text(ChannelLifetime), "--memory-limit", Text(MemoryLimit),
        "--transport", Transport,
    ];

    private ScaleOptions? With(string name, string value) => (name, long.TryParse(value, CultureInfo.InvariantCulture, out var number)) switch
    {
        ("--items", true) => this with { Items = (int)number },
        ("--item-bytes", true) => this with { ItemBytes = (int)number },
        ("--channel-lifetime", true) => this with { ChannelLifetime = number },
        ("--memory-limit", true) => this with { MemoryLimit = (int)number },
        ("--transport", _) when value is "rpcHttp" or "mapiHttp" => this with { Transport = value },
        _ => null,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
