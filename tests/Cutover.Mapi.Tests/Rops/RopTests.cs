using CsCheck;
using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Rops;

public class RopTests
{
    [Fact]
    public void Every_request_is_read_as_it_was_written() => RopGenerators.Requests.Sample(request =>
    {
        var bytes = Written(request.Write);
        var reader = new RopReader(bytes);
        var read = RopRequest.Read(reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(request.GetType(), read.GetType());
        Assert.Equal(bytes, Written(read.Write));
    });

    [Fact]
    public void Every_response_is_read_as_it_was_written() => RopGenerators.Exchanges.Sample((request, response) =>
    {
        var bytes = Written(response.Write);
        var reader = new RopReader(bytes);
        var read = request.ReadResponse(reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(response.GetType(), read.GetType());
        Assert.Equal(bytes, Written(read.Write));
    });

    [Fact]
    public void Requests_in_a_buffer_come_back_in_order_with_their_handles() =>
        Gen.Select(RopGenerators.Requests.Array[0, 8], Gen.UInt.Array[0, 8]).Sample((requests, handles) =>
        {
            var buffer = RopBuffer.Parse(RopBuffer.Of(requests, handles).Serialize());
            Assert.Equal(requests.Select(request => request.Id), buffer.ReadRequests().Select(request => request.Id));
            Assert.Equal(handles, buffer.Handles);
        });

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused_with_a_protocol_error() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            new RopBuffer(bytes, []).ReadRequests();
        }
        catch (MapiProtocolException)
        {
            // The only error there may be.
        }
    });

    [Fact]
    public void A_cut_response_is_refused() => RopGenerators.Exchanges.Sample((request, response) =>
    {
        var bytes = Written(response.Write);
        for (var length = 0; length < bytes.Length; length++)
        {
            try
            {
                request.ReadResponse(new RopReader(bytes.AsMemory(0, length)));
            }
            catch (MapiProtocolException)
            {
                // The only error there may be.
            }
        }
    }, iter: 200);

    /// <summary>By hand from [MS-OXCROPS] 2.2.6.11.1: logon 2 is one to public folders.</summary>
    [Fact]
    public void A_read_flag_in_public_folders_has_the_client_s_data_behind_it()
    {
        var data = Enumerable.Range(1, 24).Select(i => (byte)i).ToArray();
        var written = new RopWriter();
        new SetMessageReadFlagRequest(1, 3, ReadFlags.ClearReadFlag) { LogonId = 2, ClientData = data }.Write(written);
        Assert.Equal("1102010304" + Convert.ToHexStringLower(data), Convert.ToHexStringLower(written.Written.Span));
        var read = RopRequest.Read(new RopReader(written.Written) { PublicLogons = new HashSet<byte> { 2 } });
        Assert.Equal(data, Assert.IsType<SetMessageReadFlagRequest>(read).ClientData);
    }

    /// <summary>[MS-OXCTABL] 4.5.3.1.</summary>
    [Fact]
    public void The_specification_s_RopQueryRows_request_is_written() =>
        Assert.Equal("15000000013200", Hex(new QueryRowsRequest(0, QueryRowsFlags.Advance, ForwardRead: true, 50).Write));

    /// <summary>[MS-OXORULE] 4.2.2.</summary>
    [Fact]
    public void The_specification_s_RopSetColumns_response_is_read()
    {
        var response = Read(new SetColumnsRequest(1, []), "12010000000000");
        Assert.Equal(new SetColumnsResponse(1, TableStatus.Complete), response);
    }

    /// <summary>[MS-OXCDATA] 2.2.1: the counter has its most significant byte first, the replica id its least.</summary>
    [Fact]
    public void An_id_of_the_specification_s_delegate_example_is_split_into_replica_and_counter()
    {
        // 0001-00174ea8cda0 in the notation of [MS-OXODLGT] 4.1.1.
        var id = new RopReader(Convert.FromHexString("010000174ea8cda0")).ReadObjectId();
        Assert.Equal((1, 0x00174ea8cda0UL), (id.ReplicaId, id.Counter));
        Assert.Equal(id, ObjectId.Of(1, 0x00174ea8cda0));
    }

    [Fact]
    public void Ids_and_long_term_ids_survive_the_way_there_and_back() => Gen.Select(Gen.UShort, Gen.ULong[0, 0xFFFF_FFFF_FFFF], Gen.Guid).Sample((replica, counter, guid) =>
    {
        var id = ObjectId.Of(replica, counter);
        Assert.Equal((replica, counter, id), (id.ReplicaId, id.Counter, new ObjectId(id.ToInt64())));
        var longTerm = new LongTermId(guid, counter);
        Assert.True(LongTermId.TryParse(longTerm.ToString(), out var parsed));
        Assert.Equal(longTerm, parsed);
    });

    /// <summary>Layout by hand from [MS-OXCROPS] 2.2.3.1.1 with the flags of [MS-OXODLGT] 4.1.1.</summary>
    [Fact]
    public void RopLogon_asks_for_another_s_mailbox_by_name() => Assert.Equal(
        "fe000001" + "0c040001" + "00000000" + "0700" + "2f6f3d582f7900",
        Hex(new LogonRequest(
            0, LogonFlags.Private, OpenFlags.UsePerMdbReplIdMapping | OpenFlags.NoMail | OpenFlags.TakeOwnership | OpenFlags.HomeLogon, "/o=X/y").Write));

    /// <summary>Layout by hand from [MS-OXCROPS] 2.2.13.1.1 and 2.2.12.4.1.</summary>
    [Fact]
    public void A_download_is_configured_and_fetched_in_the_documented_layout()
    {
        Assert.Equal(
            "70000102" + "01" + "0e" + "2901" + "0000" + "07000000" + "0100" + "02011340",
            Hex(new SynchronizationConfigureRequest(
                1, 2, SynchronizationType.Contents, SendOptions.UseCpid | SendOptions.ForceUnicode | SendOptions.RecoverMode,
                SynchronizationFlags.Unicode | SynchronizationFlags.Normal | SynchronizationFlags.ReadState | SynchronizationFlags.NoForeignIdentifiers,
                SynchronizationExtraFlags.Eid | SynchronizationExtraFlags.MessageSize | SynchronizationExtraFlags.ChangeNumber,
                [new PropertyTag(0x40130102)]).Write));
        Assert.Equal("4e0002" + "beba" + "ffff", Hex(new FastTransferSourceGetBufferRequest(2).Write));
    }

    [Fact]
    public void A_busy_answer_to_a_download_tells_how_long_to_wait()
    {
        var response = (FastTransferSourceGetBufferResponse)Read(
            new FastTransferSourceGetBufferRequest(0), "4e00" + "80040000" + "0100" + "0000" + "0000" + "00" + "0000" + "e8030000");
        Assert.Equal((MapiErrorCode.ServerBusy, 1000u), (response.ReturnValue, response.BackoffTime));
    }

    [Fact]
    public void An_error_in_a_row_costs_that_value_only()
    {
        PropertyTag[] columns = [new(0x3001001F), new(0x36020003), new(0x3613001F)];
        var row = PropertyRow.Read(new RopReader(Convert.FromHexString("01" + "00" + "41000000" + "0a" + "0f010480" + "01")), columns);
        Assert.Equal([(object?)"A", new PropertyError(MapiErrorCode.NotFound), null], row.Values);
        Assert.Single(row.ToBag(columns));
    }

    private static RopResponse Read(RopRequest request, string hex) => request.ReadResponse(new RopReader(Convert.FromHexString(hex)));

    private static byte[] Written(Action<RopWriter> write)
    {
        var writer = new RopWriter();
        write(writer);
        return writer.ToArray();
    }

    private static string Hex(Action<RopWriter> write) => Convert.ToHexStringLower(Written(write));
}
