using Npgsql;

namespace Minion.Tools.Sources.Sql;

/// <summary>One database. Its tools are always the same, so it connects only when one is called.</summary>
internal sealed class SqlSource(SourceDefinition definition, SqlSettings settings, SqlConnections connections, TimeProvider time) : IToolSource
{
    private readonly Lock _gate = new();
    private NpgsqlDataSource? _dataSource;

    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public SourceHealth Health { get; private set; } = new(SourceState.Idle);

    public string Name => definition.Name;

    public SqlSettings Settings => settings;

    public ValueTask<IReadOnlyList<ITool>> ListAsync(CancellationToken cancellationToken)
    {
        List<ITool> tools = [new SqlQueryTool(this), new SqlSchemaTool(this)];
        if (settings.Write)
        {
            tools.Add(new SqlExecuteTool(this));
        }

        return ValueTask.FromResult<IReadOnlyList<ITool>>(tools);
    }

    /// <summary>
    /// Does <paramref name="work"/> in a transaction of the database; what goes wrong is told as a failure. Only a writing one is
    /// committed, and only after a result.
    /// </summary>
    public async Task<ToolOutcome> RunAsync(bool write, Func<NpgsqlConnection, CancellationToken, Task<ToolOutcome>> work, CancellationToken cancellationToken)
    {
        // The database itself ends a statement at its timeout; this is for one that does not answer at all.
        using var late = new CancellationTokenSource(settings.Timeout + TimeSpan.FromSeconds(3), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var committing = false;
        try
        {
            await using var session = await SqlSession.BeginAsync(DataSource(), settings, write, either.Token);
            var outcome = await work(session.Connection, either.Token);
            if (write && outcome is ToolResult)
            {
                committing = true;
                await session.CommitAsync(either.Token);
            }

            Health = new SourceHealth(SourceState.Ready);
            return outcome;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && SqlFailures.Of(exception, Name, settings) is { } failure)
        {
            Health = SqlFailures.HealthAfter(exception, Health, failure);
            return committing && exception is not PostgresException ? SqlFailures.Undecided(Name) : failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlDataSource? dataSource;
        lock (_gate)
        {
            (dataSource, _dataSource) = (_dataSource, null);
        }

        if (dataSource is not null)
        {
            await dataSource.DisposeAsync();
        }
    }

    private NpgsqlDataSource DataSource()
    {
        lock (_gate)
        {
            return _dataSource ??= connections.Open(definition, settings);
        }
    }
}
