using System.Net;
using System.Text;
using Cutover.Mapi.Http;
using Cutover.Mapi.MapiHttp;

namespace Cutover.Mapi.Tests.MapiHttp;

/// <summary>What stands inside an answer, [MS-OXCMAPIHTTP] 2.2.2.2 and 4.2, and what its response code means.</summary>
public sealed class ResponseTests
{
    // The form of section 4.2's chunked answer.
    private const string Answer =
        "PROCESSING\r\nPENDING\r\nPENDING\r\nDONE\r\nX-ResponseCode: 0\r\nX-ElapsedTime: 23011\r\nX-StartTime: Fri, 20 Jul 2012 22:24:31 GMT\r\n\r\nBODY\r\n\r\nDONE\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Meta_tags_headers_and_body_are_told_apart_however_the_answer_is_cut(int piece)
    {
        var alive = 0;
        var response = await MapiHttpResponse.ReadAsync(new Pieces(Encoding.ASCII.GetBytes(Answer), piece), () => alive++, default);
        Assert.Equal(3, alive);
        Assert.Equal("BODY\r\n\r\nDONE\r\n", Encoding.ASCII.GetString(response.Body.Span));
        Assert.Equal(("23011", "Fri, 20 Jul 2012 22:24:31 GMT"), (response.AdditionalHeaders["x-elapsedtime"], response.AdditionalHeaders["X-StartTime"]));
        Assert.Equal(MapiHttpResponseCode.Success, response.ResponseCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROCESSING\r\n")]
    [InlineData("PROCESSING\r\nDONE\r\nX-ElapsedTime: 1\r\n")]
    [InlineData("<html><body>Sign in</body></html>\r\n")]
    [InlineData("DONE\r\nno colon\r\n\r\n")]
    public async Task What_is_no_answer_is_refused(string text) => await Assert.ThrowsAsync<MapiProtocolException>(() =>
        MapiHttpResponse.ReadAsync(new MemoryStream(Encoding.ASCII.GetBytes(text)), null, default));

    [Fact]
    public async Task A_line_without_an_end_is_given_up() => await Assert.ThrowsAsync<MapiProtocolException>(() =>
        MapiHttpResponse.ReadAsync(new MemoryStream(new byte[1 << 20]), null, default));

    [Theory]
    [InlineData(10, MapiErrorCode.RpcContextMismatch)]
    [InlineData(6, MapiErrorCode.RpcContextMismatch)]
    [InlineData(13, MapiErrorCode.RpcContextMismatch)]
    [InlineData(11, MapiErrorCode.AccessDenied)]
    [InlineData(8, MapiErrorCode.AccessDenied)]
    [InlineData(18, MapiErrorCode.RpcServerUnavailable)]
    public void A_code_that_RPC_has_an_error_for_is_that_error(int code, uint error)
    {
        var refusal = Assert.IsType<MapiException>(MapiHttpException.Of((MapiHttpResponseCode)code, "Execute", Options));
        Assert.Equal(("Execute", error), (refusal.Operation, refusal.ErrorCode));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(99)]
    public void Any_other_code_is_told_in_words_with_its_number(int code)
    {
        var refusal = Assert.IsType<MapiHttpException>(MapiHttpException.Of((MapiHttpResponseCode)code, "Execute", Options));
        Assert.Equal((MapiHttpResponseCode)code, refusal.ResponseCode);
        Assert.Contains($"(X-ResponseCode {code})", refusal.Message);
        Assert.Contains("mail.contoso.com", refusal.Message);
    }

    [Fact]
    public void Each_cookie_keeps_its_newest_value()
    {
        var cookies = new MapiHttpCookies();
        using var answer = new HttpResponseMessage();
        answer.Headers.Add("Set-Cookie", ["MapiContext=A==; path=/mapi/emsmdb/; secure", "MapiSequence=0-x"]);
        cookies.Accept(answer.Headers);
        using var next = new HttpResponseMessage();
        next.Headers.Add("Set-Cookie", "MapiSequence=1-y; HttpOnly");
        cookies.Accept(next.Headers);
        Assert.Equal("MapiContext=A==; MapiSequence=1-y", cookies.Header);
        cookies.Clear();
        Assert.Null(cookies.Header);
    }

    private static MapiHttpOptions Options => new()
    {
        Url = new Uri("https://mail.contoso.com/mapi/emsmdb/"),
        Authentication = new HttpAuthentication(new NetworkCredential("a", "b")),
        Connector = new Connector(),
    };

    /// <summary>Gives so many bytes at a time.</summary>
    private sealed class Pieces(byte[] content, int piece) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
