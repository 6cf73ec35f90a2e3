using CsCheck;
using Cutover.Mapi.Rops;

namespace Cutover.Mapi.Tests.Rops;

public class RecipientRowTests
{
    [Fact]
    public void Every_recipient_row_is_read_as_it_was_written() => MessageRopGenerators.Recipients.Sample((columns, row) =>
    {
        var bytes = ModifyRecipientRow.Of(1, 1, row, columns).Row;
        var read = new ModifyRecipientRow(1, 1, bytes).ReadRow(columns);
        Assert.Equal(bytes.ToArray(), ModifyRecipientRow.Of(1, 1, read, columns).Row.ToArray());
        Assert.Equal((row.Kind, row.DisplayName, row.EmailAddress, row.X500DN), (read.Kind, read.DisplayName, read.EmailAddress, read.X500DN));
    });

    [Fact]
    public void A_recipient_row_with_more_values_than_columns_is_refused() =>
        Assert.Throws<MapiProtocolException>(() => RecipientRow.Read(new RopReader(new byte[] { 3, 0, 1, 0, 0 }), []));
}
