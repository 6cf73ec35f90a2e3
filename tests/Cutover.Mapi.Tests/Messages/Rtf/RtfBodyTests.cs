using System.Text;
using Cutover.Mapi.Messages.Rtf;

namespace Cutover.Mapi.Tests.Messages.Rtf;

public sealed class RtfBodyTests
{
    [Fact]
    public void Encapsulated_HTML_comes_out_as_it_was()
    {
        var body = RtfBody.Read(Corpus("rtf/rtf-stream-parser/test/examples/encapsulated.rtf"));
        Assert.Equal(RtfOrigin.Html, body.Origin);
        Assert.Null(body.Text);
        Assert.Equal(Answer("encapsulated.html"), Trim(body.Html));
    }

    [Fact]
    public void Encapsulated_text_is_decoded_by_the_code_page_of_its_font()
    {
        var body = RtfBody.Read(Corpus("rtf/rtf-stream-parser/test/examples/jis-test.rtf"));
        Assert.Equal(RtfOrigin.Text, body.Origin);
        Assert.Equal(Answer("jis-test.txt"), Trim(body.Text));
    }

    [Fact]
    public void Characters_beyond_a_useless_default_code_page_are_read() => Assert.Equal(
        "Plain text body: ! < > \" ' \u20AC \u0153 \u00A4 \u00B4 \u00BC \u00BD \uD841\uDF0E \uD867\uDD98 \uD83D\uDE00",
        Trim(RtfBody.Read(Corpus("rtf/rtf-stream-parser/test/examples/cpg1200.rtf")).Text));

    [Theory]
    [InlineData("Issue332")]
    [InlineData("Issue347")]
    public void HTML_of_real_items_equals_what_another_reader_makes_of_it(string name)
    {
        var body = RtfBody.Read(Corpus($"rtf/msg-msgreader-sicos/MsgReaderTests/SampleFiles/rtf/{name}.rtf"));
        var answer = File.ReadAllText(Directory.EnumerateFiles(SharedMaterial.Require("corpora/other/msg-msgreader-sicos"), $"{name}.html", SearchOption.AllDirectories).Single());
        Assert.Equal(Trim(answer), Trim(body.Html));
    }

    [Fact]
    public void Every_document_of_the_corpora_is_read() => Assert.All(Documents(), file =>
    {
        var body = RtfBody.Read(File.ReadAllBytes(file));
        Assert.Equal(body.Origin == RtfOrigin.Html, body.Text is null);
        Assert.Equal(body.Origin == RtfOrigin.Text, body.Html is null);
    });

    [Theory]
    [InlineData(@"{\rtf1\ansi Zl\u243\'f3ty\par}", "Zlóty\r\n")]
    [InlineData(@"{\rtf1\ansi\ansicpg1250 \'b3\'f3d\'9f}", "łódź")]
    [InlineData(@"{\rtf1\ansi\ansicpg932 \'83e\'83\'4c}", "テキ")]
    [InlineData(@"{\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f0\'e9{\f1\'e4\'e0}\'e9}", "éдаé")]
    [InlineData(@"{\rtf1\ansi\uc2 \u8364\'80?x\uc0\u8364y}", "€x€y")]
    [InlineData(@"{\rtf1\ansi A\~B\_C\emdash D\{\}\\}", "A\u00A0B\u00ADC—D{}\\")]
    [InlineData(@"{\rtf1\ansi{\info{\title Secret}}{\*\unknown x{\b y}}{\pict\bin3 }}}}Seen\v hidden\v0 !}", "Seen!")]
    [InlineData(@"{\rtf1\ansi a{\field{\*\fldinst HYPERLINK ""https://contoso.com""}{\fldrslt b}}c}", "abc")]
    public void Plain_RTF_reads_as_a_person_would(string rtf, string text) => Assert.Equal(text, Text(rtf));

    [Fact]
    public void Plain_RTF_keeps_its_looks_in_HTML() => Assert.Equal(
        "<html><body><p>A <b>&lt;b&gt;</b><b><i>c</i></b></p>\r\n<p><a href=\"https://contoso.com/?a&amp;b\">link</a></p></body></html>",
        RtfBody.Read(@"{\rtf1\ansi A {\b <b>{\i c}}\par{\field{\*\fldinst HYPERLINK ""https://contoso.com/?a&b""}{\fldrslt link}}}"u8).Html);

    [Fact]
    public void Scripts_are_no_links() => Assert.DoesNotContain("script",
        RtfBody.Read(@"{\rtf1 {\field{\*\fldinst HYPERLINK ""javascript:alert(1)""}{\fldrslt x}}}"u8).Html);

    [Fact]
    public void Groups_may_nest_without_end()
    {
        var rtf = @"{\rtf1 a" + new string('{', 1_000_000) + "b" + new string('}', 999_990) + "c";
        Assert.Equal("abc", Text(rtf));
    }

    [Fact]
    public void What_is_no_RTF_is_refused() => Assert.Throws<MapiProtocolException>(() => RtfBody.Read("<html>"u8));

    private static string? Text(string rtf) => RtfBody.Read(Encoding.Latin1.GetBytes(rtf)).Text;

    private static string? Trim(string? text) => text?.ReplaceLineEndings("\n").Trim();

    private static byte[] Corpus(string path) => File.ReadAllBytes(SharedMaterial.Require("corpora/" + path));

    private static string? Answer(string name) => Trim(File.ReadAllText(SharedMaterial.Require("corpora/other/rtf-stream-parser/test/examples/" + name)));

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(SharedMaterial.Require("corpora/rtf"), "*.rtf", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0);
}
