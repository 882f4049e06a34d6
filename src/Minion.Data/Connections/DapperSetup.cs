using System.Data;
using Dapper;

namespace Minion.Data.Connections;

/// <summary>How Dapper reads what PostgreSQL stores: columns are snake_case, a timestamptz is a moment (offset 0).</summary>
internal static class DapperSetup
{
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;

        // Dapper asks no handler about a type that it maps itself, and Npgsql takes no other offset than 0.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new MomentHandler());
    }

    private sealed class MomentHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();

        public override DateTimeOffset Parse(object value) => value is DateTimeOffset moment ? moment : new DateTimeOffset((DateTime)value);
    }
}
