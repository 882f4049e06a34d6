using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Minion.Tools.Sources.Sql;

/// <summary>Registers databases as sources.</summary>
internal static class SqlRegistration
{
    public static IServiceCollection AddSqlSources(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SqlOptions>().Bind(configuration.GetSection(SqlOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SqlOptions>, OptionsCheck>();
        services.AddSingleton<SqlConnections>();
        return services.AddSourceKind<SqlSourceKind>();
    }

    private sealed class OptionsCheck : IValidateOptions<SqlOptions>
    {
        public ValidateOptionsResult Validate(string? name, SqlOptions options) =>
            options.Problems().ToList() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
