using Microsoft.Extensions.Logging.Abstractions;
using Minion.Testing.Time;
using Minion.Tools.BuiltIn.Files;

namespace Minion.Tools.Tests.BuiltIn.Files;

public sealed class FileToolsTests : IDisposable
{
    private readonly FileHarness _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task What_is_written_is_read_again()
    {
        var written = (await _files.WriteAsync(new { path = "notes/today.md", text = "Grüße\nzwei\n" })).Value();
        var read = (await _files.ReadAsync(new { path = "./notes//today.md" })).Value();

        written.GetRawText().ShouldBe("""{"path":"notes/today.md","bytes":13,"outcome":"created"}""");
        read.GetRawText().ShouldBe(
            """{"path":"notes/today.md","text":"Grüße\nzwei\n","start_line":1,"end_line":2,"total_lines":2,"truncated":false}""");
    }

    [Fact]
    public async Task Another_content_is_written_only_when_said_so()
    {
        await _files.WriteAsync(new { path = "a.txt", text = "one" });

        (await _files.WriteAsync(new { path = "a.txt", text = "one" })).Value().GetProperty("outcome").GetString().ShouldBe("unchanged");
        (await _files.WriteAsync(new { path = "a.txt", text = "two" })).Failure().Message.ShouldBe("'a.txt' exists already, with another content.");
        (await _files.WriteAsync(new { path = "a.txt", text = "two", overwrite = true })).Value().GetProperty("outcome").GetString().ShouldBe("replaced");
        (await _files.TextAsync("a.txt")).ShouldBe("two\n");
    }

    [Fact]
    public async Task A_file_is_read_some_lines_at_a_time()
    {
        await _files.WriteAsync(new { path = "long", text = string.Concat(Enumerable.Range(1, 5000).Select(i => $"line {i}\r\n")) });

        var part = (await _files.ReadAsync(new { path = "long", start_line = 4999, lines = 1 })).Value();
        part.GetProperty("text").GetString().ShouldBe("line 4999\n");
        part.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await _files.ReadAsync(new { path = "long", start_line = 5001 })).Failure().Message.ShouldBe("'long' has 5000 lines, so there is no line 5001.");
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_cut()
    {
        await _files.WriteAsync(new { path = "wide", text = new string('x', 100_000) });

        var value = (await _files.ReadAsync(new { path = "wide" })).Value();

        value.GetProperty("truncated").GetBoolean().ShouldBeTrue();
        value.GetProperty("text").GetString()!.Length.ShouldBeLessThan(41_000);
    }

    [Fact]
    public async Task Sessions_and_tenants_have_their_own_files()
    {
        await _files.WriteAsync(new { path = "mine", text = "x" });

        (await _files.ReadAsync(new { path = "mine" }, session: "s2")).Failure().Message.ShouldContain("does not exist");
        (await _files.ReadAsync(new { path = "mine" }, tenant: "other")).Failure().Message.ShouldContain("does not exist");
        (await _files.ReadAsync(new { path = "mine" }, tenant: "Default")).Failure().Message.ShouldContain("does not exist");
    }

    [Fact]
    public void Who_calls_directly_has_a_folder_of_ones_own_whatever_is_claimed()
    {
        var call = FileHarness.Call("{}");

        _files.Workspaces.NameOf(call).ShouldBe("session-s1");
        _files.Workspaces.NameOf(call with { Origin = call.Origin with { FromRun = false } }).ShouldBe("caller-user_3aada");
    }

    [Fact]
    public void Names_of_folders_are_never_the_same_for_two_texts()
    {
        string[] texts = ["a", "A", "a_", "_61", "../a", "a/b", "", ".", "..", "ü", new string('x', 200), new string('X', 200)];

        var names = texts.Select(text => Workspaces.FolderName("session-", text)).ToList();

        names.Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(texts.Length);
        names.ShouldAllBe(name => name.Length <= 100 && !name.Contains('/') && !name.Contains('.'));
    }

    [Fact]
    public async Task Folders_are_listed_with_what_is_in_them()
    {
        await _files.WriteAsync(new { path = "b.md", text = "12345" });
        await _files.WriteAsync(new { path = "src/deep/a.cs", text = "x" });
        await _files.WriteAsync(new { path = "src/c.cs", text = "x" });

        async Task<string> Paths(object arguments) => string.Join(' ', (await _files.ListAsync(arguments)).Value().GetProperty("entries")
            .EnumerateArray().Select(entry => entry.GetProperty("path").GetString() + (entry.GetProperty("type").GetString() == "folder" ? "/" : "")));

        (await Paths(new { })).ShouldBe("b.md src/");
        (await Paths(new { recursive = true })).ShouldBe("b.md src/ src/c.cs src/deep/ src/deep/a.cs");
        (await Paths(new { path = "src" })).ShouldBe("src/c.cs src/deep/");
        (await Paths(new { recursive = true, pattern = "*.cs" })).ShouldBe("src/c.cs src/deep/a.cs");
        (await Paths(new { recursive = true, pattern = "src/*.cs" })).ShouldBe("src/c.cs");
        (await Paths(new { recursive = true, pattern = "**/deep/?.cs" })).ShouldBe("src/deep/a.cs");
        (await _files.ListAsync(new { recursive = true, limit = 2 })).Value().GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await _files.ListAsync(new { path = "b.md" })).Failure().Message.ShouldContain("no folder");
        (await _files.ListAsync(new { path = "nothing" })).Failure().Message.ShouldContain("does not exist");
    }

    [Fact]
    public async Task Lines_are_found_by_text_and_by_expression()
    {
        await _files.WriteAsync(new { path = "a.txt", text = "Alpha\nbeta (x)\ngamma\n" });
        await _files.WriteAsync(new { path = "b/c.md", text = "beta\n" });
        await File.WriteAllBytesAsync(Path.Combine(_files.Inside, "binary"), "beta\0"u8.ToArray());

        async Task<string> Found(object arguments) => string.Join(' ', (await _files.SearchAsync(arguments)).Value().GetProperty("matches")
            .EnumerateArray().Select(match => $"{match.GetProperty("path")}:{match.GetProperty("line")}"));

        (await Found(new { query = "beta" })).ShouldBe("a.txt:2 b/c.md:1");
        (await Found(new { query = "(x)" })).ShouldBe("a.txt:2");
        (await Found(new { query = "ALPHA", ignore_case = true })).ShouldBe("a.txt:1");
        (await Found(new { query = "^[ag]", regex = true })).ShouldBe("a.txt:3");
        (await Found(new { query = "beta", pattern = "*.md" })).ShouldBe("b/c.md:1");
        (await Found(new { query = "beta", path = "b" })).ShouldBe("b/c.md:1");
        (await _files.SearchAsync(new { query = "beta", limit = 1 })).Value().GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await _files.SearchAsync(new { query = "(a", regex = true })).Failure().Message.ShouldContain("cannot be used");
        (await _files.SearchAsync(new { query = "(?=a)a", regex = true })).Failure().Message.ShouldContain("cannot be used");
    }

    [Fact]
    public async Task A_catastrophic_expression_ends_at_once()
    {
        await _files.WriteAsync(new { path = "a", text = new string('a', 100_000) + "!" });

        (await _files.SearchAsync(new { query = "(a+)+$", regex = true })).Value().GetProperty("matches").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_workspace_holds_so_much_and_no_more()
    {
        using var small = new FileHarness(options => (options.MaxBytes, options.MaxFiles) = (1 << 20, 10));
        var half = new string('x', 600_000);
        await small.WriteAsync(new { path = "a", text = half });

        (await small.WriteAsync(new { path = "b", text = half })).Failure().Message.ShouldContain("at most 1048576 are allowed");
        (await small.WriteAsync(new { path = "a", text = half + "y", overwrite = true })).Value();
        (await small.WriteAsync(new { path = "1/2/3/4/5/6/7/8/9/10", text = "" })).Failure().Message.ShouldContain("at most 10 are allowed");
    }

    [Fact]
    public async Task What_is_no_text_is_not_read()
    {
        await File.WriteAllBytesAsync(Path.Combine(_files.Inside, "binary"), [0, 1, 2]);
        await File.WriteAllBytesAsync(Path.Combine(_files.Inside, "broken"), [0xC3, 0x28, 0xFF]);
        using (var large = File.Create(Path.Combine(_files.Inside, "large")))
        {
            large.SetLength(1L << 30);
        }

        (await _files.ReadAsync(new { path = "binary" })).Failure().Message.ShouldContain("no text");
        (await _files.ReadAsync(new { path = "broken" })).Failure().Message.ShouldContain("no text");
        (await _files.ReadAsync(new { path = "large" })).Failure().Message.ShouldContain("at most 10485760 are read");
        (await _files.EditAsync(new { path = "broken", edits = new[] { new { old = "x", @new = "y" } } })).Failure().Message.ShouldContain("no text");
    }

    [Fact]
    public async Task A_workspace_that_nobody_writes_to_is_removed_after_its_time()
    {
        await _files.WriteAsync(new { path = "a/b", text = "x" });
        var time = new ManualTime();
        var sweeper = new WorkspaceSweeper(_files.Workspaces, time, NullLogger<WorkspaceSweeper>.Instance);
        var ofToday = TimeProvider.System.GetUtcNow() - time.GetUtcNow();
        time.Advance(ofToday + TimeSpan.FromDays(29));
        sweeper.Sweep(default).ShouldBe(0);

        time.Advance(TimeSpan.FromDays(2));

        sweeper.Sweep(default).ShouldBe(1);
        Directory.Exists(_files.Inside).ShouldBeFalse();
        (await _files.WriteAsync(new { path = "a/b", text = "x" })).Value();
    }

    [Fact]
    public async Task Edits_of_one_file_at_once_are_all_kept()
    {
        await _files.WriteAsync(new { path = "list", text = string.Concat(Enumerable.Range(0, 20).Select(i => $"[{i}]\n")) });

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            (await _files.EditAsync(new { path = "list", edits = new[] { new { old = $"[{i}]", @new = $"done {i}" } } })).Value())));

        (await _files.TextAsync("list")).ShouldBe(string.Concat(Enumerable.Range(0, 20).Select(i => $"done {i}\n")));
        Directory.GetFiles(_files.Inside).Length.ShouldBe(1);
    }
}
