using Cutover.Mapi.Rops;

namespace Cutover.Lab.Exchange.Emsmdb;

/// <summary>
/// A FastTransfer stream on its way to the client, written step by step (a message, a folder change) as the client fetches it, so that never more
/// than one step and one buffer lie in memory. Source: [MS-OXCFXICS] 3.2.5.8.1.5.
/// </summary>
internal sealed class Download
{
    private readonly SegmentBuffer buffer = new();
    private readonly Lazy<IEnumerator<DownloadStep>> steps;
    private readonly Queue<long> ends = new();
    private long written;
    private long sent;
    private uint failure;

    /// <param name="produce">Called with the first fetch. Writes the stream; each step that it yields tells how far it is.</param>
    public Download(ServerBehaviour behaviour, Func<SegmentWriter, IEnumerable<DownloadStep>> produce) => steps = new Lazy<IEnumerator<DownloadStep>>(
        () => produce(new SegmentWriter(buffer, behaviour.UnterminatedStringsFrom)).GetEnumerator(), isThreadSafe: false);

    /// <summary>Steps whose last byte is sent.</summary>
    public int StepsSent { get; private set; }

    public TransferStatus Status { get; private set; } = TransferStatus.Partial;

    public DownloadStep Progress { get; private set; } = new(0, 1);

    /// <summary>The next bytes, at most so many. A download that failed goes on failing in the same way.</summary>
    /// <exception cref="RopException">The next message can't be read.</exception>
    public byte[] Next(int room)
    {
        var hasMore = true;
        while (failure == 0 && buffer.Length <= room && (hasMore = Step())) { }
        if (failure != 0 && buffer.Length == 0) throw new RopException(failure);
        var bytes = buffer.Take(room);
        sent += bytes.Length;
        for (; ends.TryPeek(out var end) && end <= sent; ends.Dequeue()) StepsSent++;
        if (!hasMore && failure == 0 && buffer.Length == 0) Status = TransferStatus.Done;
        return bytes;
    }

    private bool Step()
    {
        try
        {
            var before = buffer.Length;
            if (!steps.Value.MoveNext()) return false;
            written += buffer.Length - before;
            ends.Enqueue(written);
            Progress = steps.Value.Current;
            return true;
        }
        catch (RopException e)
        {
            // What was written before the failure still goes out; the call after it fails.
            failure = e.ErrorCode;
            return false;
        }
    }
}

/// <summary>How far a download is: done of total, in steps of no fixed size.</summary>
internal readonly record struct DownloadStep(int Done, int Total);
