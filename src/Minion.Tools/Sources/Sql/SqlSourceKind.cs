using System.Text.Json;

namespace Minion.Tools.Sources.Sql;

/// <summary>Databases: reading by SQL, and writing where that is asked for.</summary>
internal sealed class SqlSourceKind(SqlConnections connections, TimeProvider time) : IToolSourceKind
{
    public string Kind => "sql";

    public IEnumerable<SourceProblem> Check(JsonElement settings)
    {
        var problems = new List<SourceProblem>();
        SqlSettings.Read(settings, problems);
        return problems;
    }

    public IToolSource Create(SourceDefinition definition) =>
        new SqlSource(definition, SqlSettings.Read(definition.Settings, []), connections, time);
}
