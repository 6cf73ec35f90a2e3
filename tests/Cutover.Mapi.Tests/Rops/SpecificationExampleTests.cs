using Cutover.Mapi.Properties;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Rops;

/// <summary>Bytes that the specifications print, and layouts counted out by hand from their tables where they print none.</summary>
public class SpecificationExampleTests
{
    /// <summary>[MS-OXCPRPT] 4.2.1.</summary>
    [Fact]
    public void The_specification_s_RopSetProperties_request_is_written_and_read()
    {
        const string bytes = "0a0000" + "24000200" + "1f003d000000" + "1f001d0e480065006c006c006f00200057006f0072006c0064000000";
        var request = new SetPropertiesRequest(0, [new(PropertyTags.SubjectPrefix, ""), new(PropertyTags.NormalizedSubject, "Hello World")]);
        Assert.Equal(bytes, Hex(request.Write));
        var read = Assert.IsType<SetPropertiesRequest>(RopRequest.Read(new RopReader(Convert.FromHexString(bytes))));
        Assert.Equal(request.Values, read.Values);
    }

    /// <summary>[MS-OXCPERM] 4.1: the server does not know PidTagSecurityDescriptorAsXml.</summary>
    [Fact]
    public void The_specification_s_RopOpenStream_of_a_folder_is_asked_and_refused()
    {
        var request = new OpenStreamRequest(1, 2, new PropertyTag(0x0E6A001F));
        Assert.Equal("2b0001021f006a0e00", Hex(request.Write));
        var answer = request.ReadResponse(new RopReader(Convert.FromHexString("2b0202010480")));
        Assert.Equal(new RopFailure(RopId.OpenStream, 2, MapiErrorCode.NotSupported), answer);
    }

    /// <summary>By hand from [MS-OXCROPS] 2.2.9.2.1.</summary>
    [Fact]
    public void A_chained_read_tells_its_maximum_and_a_small_one_does_not()
    {
        Assert.Equal("2c0003" + "beba" + "00000400", Hex(new ReadStreamRequest(3, MaximumByteCount: 0x40000).Write));
        Assert.Equal("2c0003" + "0010", Hex(new ReadStreamRequest(3, 0x1000).Write));
    }

    /// <summary>By hand from [MS-OXCROPS] 2.2.6.3.1 and 2.2.6.15.1: the handle index of the response comes before that of the object.</summary>
    [Fact]
    public void Saving_names_the_response_s_handle_first()
    {
        Assert.Equal("0c0001020a", Hex(new SaveChangesMessageRequest(1, 2, (SaveFlags)0x0A).Write));
        Assert.Equal("25000102" + "02", Hex(new SaveChangesAttachmentRequest(1, 2, SaveFlags.KeepOpenReadWrite).Write));
    }

    /// <summary>By hand from [MS-OXCDATA] 2.8.3: Type 1, D, S, U and 4 columns' room for none.</summary>
    [Fact]
    public void A_recipient_of_the_organisation_is_written_by_the_table()
    {
        var row = new RecipientRow(RecipientAddressKind.X500DN, new PropertyRow([]))
        {
            X500DN = "/o=X",
            DisplayName = "A",
            IsTransmittableNameSame = true,
        };
        Assert.Equal("5102" + "00" + "00" + "2f6f3d5800" + "41000000" + "0000" + "00", Convert.ToHexStringLower(ModifyRecipientRow.Of(0, 1, row, []).Row.Span));
    }

    /// <summary>By hand from [MS-OXCDATA] 2.12.1, 2.12.4 and 2.12.9.</summary>
    [Fact]
    public void A_restriction_is_written_by_the_tables()
    {
        var restriction = new Restriction.And(
        [
            new Restriction.Content(FuzzyLevel.Substring, FuzzyOptions.IgnoreCase, PropertyTags.Subject, new(PropertyTags.Subject, "X")),
            new Restriction.Exist(PropertyTags.MessageSize),
        ]);
        const string parts = "03" + "0100" + "0100" + "1f003700" + "1f003700" + "58000000" + "08" + "0300080e";
        Assert.Equal("00" + "0200" + parts, Hex(restriction.Write));
        var wide = new RopWriter { HasWideCounts = true };
        restriction.Write(wide);
        Assert.Equal("00" + "02000000" + parts, Convert.ToHexStringLower(wide.Written.Span));
    }

    /// <summary>By hand from [MS-OXORULE] 2.2.5.1.2.1 and [MS-OXCDATA] 2.11.1.4: a move into a folder of the same store.</summary>
    [Fact]
    public void A_rule_s_move_is_written_by_the_tables()
    {
        var actions = new RuleActions([new RuleAction.Move(RuleFolder.InThisStore(ObjectId.Of(1, 0x0A0B)))]);
        Assert.Equal(
            "0100" + "2400" + "01" + "00000000" + "00000000" + "01" + "0100" + "00" + "1500" + "01" + "0100000000000a0b" + "0000000000000000" + "00000000",
            Hex(actions.Write));
    }

    private static string Hex(Action<RopWriter> write)
    {
        var writer = new RopWriter();
        write(writer);
        return Convert.ToHexStringLower(writer.Written.Span);
    }
}
