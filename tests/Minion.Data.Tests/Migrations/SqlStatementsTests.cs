using Minion.Data.Migrations;

namespace Minion.Data.Tests.Migrations;

public sealed class SqlStatementsTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" -- nothing; here\n /* nor ; here */ ;;", new string[0])]
    [InlineData("SELECT 1", new[] { "1: SELECT 1" })]
    [InlineData("SELECT 1;\n\n-- why; not\nSELECT\n2;\n", new[] { "1: SELECT 1", "4: SELECT\n2" })]
    [InlineData("SELECT 'a;b', 'it''s; so' ; SELECT \"x;y\"", new[] { "1: SELECT 'a;b', 'it''s; so'", "1: SELECT \"x;y\"" })]
    [InlineData(@"SELECT E'a\';b'; SELECT 'a\'; SELECT 2", new[] { @"1: SELECT E'a\';b'", @"1: SELECT 'a\'", "1: SELECT 2" })]
    [InlineData("DO $$ BEGIN; END $$; SELECT 3", new[] { "1: DO $$ BEGIN; END $$", "1: SELECT 3" })]
    [InlineData("DO $x$ $$ ; $y$ ; $x$; SELECT $1, a$b$c; SELECT 4", new[] { "1: DO $x$ $$ ; $y$ ; $x$", "1: SELECT $1, a$b$c", "1: SELECT 4" })]
    [InlineData("/* a /* b ; */ ; */ SELECT 5; SELECT 'open ; end", new[] { "1: SELECT 5", "1: SELECT 'open ; end" })]
    [InlineData("SELECT 1 - -1; SELECT 2 / 1", new[] { "1: SELECT 1 - -1", "1: SELECT 2 / 1" })]
    public void Statements_are_told_apart(string sql, string[] expected) =>
        SqlStatements.Split(sql).Select(s => $"{s.Line}: {s.Text}").ShouldBe(expected);
}
