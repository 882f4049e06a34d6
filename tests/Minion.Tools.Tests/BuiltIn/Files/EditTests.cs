using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Tests.BuiltIn.Files;

public sealed class EditTests
{
    private const string Text = "one\ntwo\nthree\nfour\nfive\nsix\n";

    [Theory]
    [InlineData("@@ -2,2 +2,2 @@\n two\n-three\n+3\n", "one\ntwo\n3\nfour\nfive\nsix\n")]
    [InlineData("--- a/x\n+++ b/x\n@@ -1,1 +1,1 @@ heading\n-one\n+1\n@@ -6 +6 @@\n-six\n+6\n", "1\ntwo\nthree\nfour\nfive\n6\n")]
    [InlineData("diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -6,1 +6,2 @@\n six\n+seven\n", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n")]
    [InlineData("@@ -90,2 +90,1 @@\n-four\n five\n", "one\ntwo\nthree\nfive\nsix\n")]
    [InlineData("@@ -3,0 +4,1 @@\n+between\n", "one\ntwo\nthree\nbetween\nfour\nfive\nsix\n")]
    [InlineData("@@ -0,0 +1,1 @@\n+first\n", "first\none\ntwo\nthree\nfour\nfive\nsix\n")]
    [InlineData("@@\n two\n-three\n four\n", "one\ntwo\nfour\nfive\nsix\n")]
    [InlineData("@@ -6 +6 @@\n-six\n+six\n\\ No newline at end of file\n", "one\ntwo\nthree\nfour\nfive\nsix")]
    [InlineData("@@ -1,6 +0,0 @@\n-one\n-two\n-three\n-four\n-five\n-six\n\n", "")]
    public void A_patch_is_applied(string patch, string result) => UnifiedPatch.Apply(Text, patch).Text.ShouldBe(result);

    [Theory]
    [InlineData("", "no patch")]
    [InlineData("three", "no patch")]
    [InlineData("@@ -1 +1 @@\n", "no patch")]
    [InlineData("@@ -2,2 +2,2 @@\n two\n-drei\n+3\n", "Hunk 1 cannot be applied")]
    [InlineData("@@ -6 +6 @@\n-six\n+6\n@@ -1 +1 @@\n-one\n+1\n", "Hunk 2 cannot be applied")]
    [InlineData("@@\n+nowhere\n", "does not say where")]
    [InlineData("@@ -1 +1 @@\n-one\n+1\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-x\n+y\n--- a/z\n+++ b/z\n@@ -1 +1 @@\n-x\n+y\n", "several files")]
    [InlineData("@@ -1 +1 @@\n*one\n", "starts with '*'")]
    public void A_patch_that_does_not_fit_says_why(string patch, string message) =>
        Should.Throw<FileRefusal>(() => UnifiedPatch.Apply(Text, patch)).Message.ShouldContain(message);

    [Fact]
    public void Of_several_places_the_nearest_to_the_number_is_taken() =>
        UnifiedPatch.Apply("x\na\nx\nb\nx\n", "@@ -3,1 +3,1 @@\n-x\n+y\n").Text.ShouldBe("x\na\ny\nb\nx\n");

    [Fact]
    public void Of_several_places_without_a_number_none_is_taken() =>
        Should.Throw<FileRefusal>(() => UnifiedPatch.Apply("x\na\nx\n", "@@\n-x\n+y\n"));

    [Fact]
    public void Line_ends_stay_as_they_are()
    {
        UnifiedPatch.Apply("one\r\ntwo\r\n", "@@ -2 +2 @@\n-two\n+2\n").Text.ShouldBe("one\r\n2\r\n");
        UnifiedPatch.Apply("one\ntwo", "@@ -1 +1 @@\n-one\n+1\n").Text.ShouldBe("1\ntwo");
        TextEdits.Apply("one\r\ntwo\r\n", [new TextEdit("one\ntwo", "1\n2", All: false)]).Text.ShouldBe("1\r\n2\r\n");
    }

    [Fact]
    public void Edits_are_made_in_their_order()
    {
        TextEdits.Apply("a b a", [new TextEdit("b", "a", All: false), new TextEdit("a", "c", All: true)]).ShouldBe(("c c c", 4));
        Should.Throw<FileRefusal>(() => TextEdits.Apply("a a", [new TextEdit("a", "b", All: false)])).Message.ShouldContain("occurs 2 times");
        Should.Throw<FileRefusal>(() => TextEdits.Apply("a", [new TextEdit("a", "b", All: false), new TextEdit("a", "b", All: false)]))
            .Message.ShouldContain("Edit 2 cannot be made");
    }

    [Fact]
    public async Task A_file_that_an_edit_does_not_fit_stays_as_it_was()
    {
        using var files = new FileHarness();
        await files.WriteAsync(new { path = "a", text = Text });

        (await files.EditAsync(new { path = "a", patch = "@@ -1 +1 @@\n-one\n+1\n@@ -2 +2 @@\n-zwei\n+2\n" })).Failure();
        (await files.TextAsync("a")).ShouldBe(Text);
        (await files.EditAsync(new { path = "a", patch = "@@ -1 +1 @@\n-one\n+1\n" })).Value().GetRawText()
            .ShouldBe("""{"path":"a","changes":1,"total_lines":6}""");
    }
}
