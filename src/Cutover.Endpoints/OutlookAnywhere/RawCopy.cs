using System.Security.Cryptography;
using Cutover.Core.Mailboxes;
using Cutover.Endpoints.ItemStreams;
using Cutover.Mapi;
using Cutover.Mapi.Emsmdb;
using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Rops;

namespace Cutover.Endpoints.OutlookAnywhere;

/// <summary>
/// Passes single messages on as the server gives them for upload: each transfer buffer becomes a record of the item stream. Nothing is filtered, stamped or
/// repaired. Source: [MS-OXCFXICS] 3.3.4.2.1 (RopTellVersion, ForUpload).
/// </summary>
internal sealed class RawCopy(MailboxLogon logon, ObjectId folderId, string spoolDirectory)
{
    /// <summary>The version of Exchange Online, for which the server shall write.</summary>
    private static readonly PartnerVersion Target = new(15, 20, 4566, 6022);

    /// <summary>The item, or why it can't be read.</summary>
    /// <param name="info">What the synchronisation told of it.</param>
    public async Task<FolderChange> ReadAsync(ItemInfo info, FolderKey folder, CancellationToken ct)
    {
        if (!LongTermId.TryParse(info.Key.Value, out var id) || logon.Replicas.FromLongTerm(id) is not { } message)
            throw new MapiProtocolException($"The message {info.Key} has no short id in this session");
        var spool = new ItemSpool(spoolDirectory);
        try
        {
            var digest = await CopyAsync(message, spool, ct);
            return new Upserted(new SpooledItem(folder, info, digest, spool));
        }
        catch (MapiException e) when (ItemRescue.IsAboutMessage(e))
        {
            spool.Dispose();
            return new Unreadable(info, OutlookAnywhereFaults.UnreadableItem(id, e.ErrorCode));
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    private async Task<ContentDigest> CopyAsync(ObjectId message, ItemSpool spool, CancellationToken ct)
    {
        var writer = new ItemStreamWriter(spool, Source());
        var digest = new RawDigest();
        await foreach (var piece in logon.CopyMessageAsync(folderId, message, SendOptions.ForUpload, Target, ct))
        {
            writer.TransferBuffer(piece.Span);
            digest.Append(piece.Span);
        }
        writer.Complete();
        return digest.Complete();
    }

    /// <summary>Who wrote the stream. A version that importers don't know would be refused, so older servers go under our name.</summary>
    private PartnerVersion Source()
    {
        var (major, minor, build, revision) = logon.Session.ServerVersion;
        return major >= ItemStream.OldestMajorVersion ? new PartnerVersion((byte)major, (byte)minor, build, revision) : PartnerVersion.Ours;
    }

    /// <summary>
    /// The canonical digest where the bytes keep to the grammar, which they need not; else the SHA-256 of the bytes, which nothing at the target will match.
    /// </summary>
    private sealed class RawDigest
    {
        private readonly IncrementalHash bytes = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly ItemDigest digest = new();
        private readonly MessageContentReader reader;
        private readonly FastTransferLexer lexer;
        private bool isGrammatical = true;

        public RawDigest()
        {
            reader = new MessageContentReader(digest);
            lexer = new FastTransferLexer(reader);
        }

        public void Append(ReadOnlySpan<byte> data)
        {
            bytes.AppendData(data);
            if (!isGrammatical) return;
            try
            {
                lexer.Feed(data);
            }
            catch (MapiProtocolException)
            {
                isGrammatical = false;
            }
        }

        public ContentDigest Complete()
        {
            try
            {
                if (isGrammatical)
                {
                    lexer.Complete();
                    reader.Complete();
                    return digest.Complete();
                }
            }
            catch (MapiProtocolException)
            {
                // The bytes end where the grammar does not: their own hash has to do.
            }
            return new ContentDigest(Convert.ToHexStringLower(bytes.GetHashAndReset()));
        }
    }
}
