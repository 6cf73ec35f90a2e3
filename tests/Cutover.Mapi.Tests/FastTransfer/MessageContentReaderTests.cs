using Cutover.Mapi.FastTransfer;
using Cutover.Mapi.Properties;

namespace Cutover.Mapi.Tests.FastTransfer;

public sealed class MessageContentReaderTests
{
    private static readonly PropertyTag ErrorInfo = new(0x00000102);
    private readonly MapiMessageBuilder builder = new();
    private readonly MessageContentReader reader;

    public MessageContentReaderTests() => reader = new MessageContentReader(builder);

    [Fact]
    public void A_copy_passes_on_without_its_meta_properties()
    {
        reader.Property(new PropertyValue(new PropertyTag(0x4008001E), "/o=Contoso"));
        reader.Property(new PropertyValue(PropertyTags.Subject, "Plain"));
        reader.Complete();
        Assert.Equal("Plain", Assert.Single(builder.Build().Properties).Value);
        Assert.Null(reader.Error);
    }

    [Fact]
    public void An_error_ends_the_content_wherever_it_is()
    {
        reader.Property(new PropertyValue(PropertyTags.Subject, "Half"));
        reader.Marker(FastTransferMarker.NewAttach);
        reader.Marker(FastTransferMarker.FXErrorInfo);
        reader.Property(new PropertyValue(ErrorInfo, new byte[] { 1 }));
        reader.Complete();
        Assert.NotNull(reader.Error);
        Assert.Equal(new byte[] { 1 }, (byte[])reader.Error[ErrorInfo]!);
    }

    [Fact]
    public void A_copy_that_ends_inside_an_attachment_breaks_the_protocol()
    {
        reader.Marker(FastTransferMarker.NewAttach);
        Assert.Throws<MapiProtocolException>(reader.Complete);
    }

    [Theory]
    [InlineData(FastTransferMarker.EndAttach)]
    [InlineData(FastTransferMarker.StartEmbed)]
    [InlineData(FastTransferMarker.IncrSyncChg)]
    [InlineData(FastTransferMarker.StartTopFld)]
    public void A_marker_that_can_t_be_there_breaks_the_protocol(FastTransferMarker marker) =>
        Assert.Throws<MapiProtocolException>(() => reader.Marker(marker));
}
