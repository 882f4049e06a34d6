using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Minion.Data;
using Minion.ServiceDefaults.Callers;
using Npgsql;

namespace Minion.Tools.Mcp.Authorization;

/// <summary>Tokens in <c>tools.source_tokens</c>, encrypted for one source of one tenant at one address.</summary>
internal sealed class TokenStore([FromKeyedServices(DatabaseRoles.Tools)] NpgsqlDataSource database, Vault vault, TimeProvider time) : ITokenStore
{
    private const string Read = "SELECT locked FROM tools.source_tokens WHERE source = $1";

    private const string Write =
        """
        INSERT INTO tools.source_tokens (tenant, source, locked, updated_at)
        SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM tools.sources WHERE name = $2)
        ON CONFLICT (tenant, source) DO UPDATE SET locked = excluded.locked, updated_at = excluded.updated_at
        """;

    public async Task<KeptTokens?> ReadAsync(TokenOwner owner, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(owner.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read) { Parameters = { new() { Value = owner.Source } } });
        await using var reader = await batch.ExecuteTenantReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && vault.Unlock(reader.GetFieldValue<byte[]>(0), PurposeOf(owner)) is { } text
            ? JsonSerializer.Deserialize(text, TokenJson.Default.KeptTokens)
            : null;
    }

    public async Task WriteAsync(TokenOwner owner, KeptTokens tokens, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateTenantBatch(owner.Tenant);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Write)
        {
            Parameters =
            {
                new() { Value = owner.Tenant },
                new() { Value = owner.Source },
                new() { Value = vault.Lock(JsonSerializer.Serialize(tokens, TokenJson.Default.KeptTokens), PurposeOf(owner)) },
                new() { Value = time.GetUtcNow() },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // Neither a tenant nor a source's name has a line break.
    private static string PurposeOf(TokenOwner owner) => $"source-tokens\n{owner.Tenant}\n{owner.Source}\n{owner.Url}";
}
