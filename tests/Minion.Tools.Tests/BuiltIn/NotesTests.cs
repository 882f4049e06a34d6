using Minion.Data;
using Minion.Testing.Time;
using Minion.Tools.BuiltIn;
using Minion.Tools.BuiltIn.Notes;

namespace Minion.Tools.Tests.BuiltIn;

public sealed class NotesTests(ToolsDatabase fixture) : IClassFixture<ToolsDatabase>
{
    private readonly ManualTime _time = new();
    private NoteStore? _made;

    private NoteStore Store => _made ??= new NoteStore(fixture.Database.DataSource(DatabaseRoles.Tools), _time);

    [Fact]
    public async Task Notes_are_added_and_listed_newest_first()
    {
        var caller = Callers.Ada with { Tenant = "notes-a" };
        foreach (var text in new[] { "one", "two", "drei ß 🐲" })
        {
            await new NotesAddTool(Store).InvokeAsync($$"""{"text":"{{text}}"}""", caller, "key");
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var list = (await new NotesListTool(Store).InvokeAsync("""{"limit":2}""", caller)).Value();

        list.GetProperty("count").GetInt64().ShouldBe(3);
        list.GetProperty("notes").EnumerateArray().Select(note => note.GetProperty("text").GetString()).ShouldBe(["drei ß 🐲", "two"]);
    }

    [Fact]
    public async Task The_same_key_adds_another_note()
    {
        var caller = Callers.Ada with { Tenant = "notes-b" };

        var first = (await new NotesAddTool(Store).InvokeAsync("""{"text":"same"}""", caller, "run/1/1")).Value();
        var second = (await new NotesAddTool(Store).InvokeAsync("""{"text":"same"}""", caller, "run/1/1")).Value();

        first.GetProperty("count").GetInt64().ShouldBe(1);
        second.GetProperty("count").GetInt64().ShouldBe(2);
        second.GetProperty("id").GetString().ShouldNotBe(first.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Notes_of_another_tenant_are_not_seen()
    {
        await new NotesAddTool(Store).InvokeAsync("""{"text":"mine"}""", Callers.Ada with { Tenant = "notes-c" }, "key");

        var list = (await new NotesListTool(Store).InvokeAsync("{}", Callers.Ada with { Tenant = "notes-d" })).Value();

        list.GetRawText().ShouldBe("""{"notes":[],"count":0}""");
    }

    [Fact]
    public async Task Without_a_tenant_there_are_no_rows()
    {
        await new NotesAddTool(Store).InvokeAsync("""{"text":"mine"}""", Callers.Ada with { Tenant = "notes-e" }, "key");

        await using var command = fixture.Database.DataSource(DatabaseRoles.Tools).CreateCommand("SELECT count(*) FROM tools.notes");

        (await command.ExecuteScalarAsync()).ShouldBe(0L);
    }
}
