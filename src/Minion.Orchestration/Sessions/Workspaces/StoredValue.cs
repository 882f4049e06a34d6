using System.Text;
using Google.Protobuf.WellKnownTypes;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>A value of a workspace; in lists without the <see cref="Value"/> itself.</summary>
internal sealed record StoredValue(string Key, string Value, Guid Etag, int Bytes, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    public static StoredValue New(string key, string value, Guid etag, DateTimeOffset at, string by) =>
        new(key, value, etag, Encoding.UTF8.GetByteCount(value), at, by);

    public WorkspaceValue ToProto() => new()
    {
        Key = Key,
        Value = Value,
        Etag = Etag.ToString("N"),
        Bytes = Bytes,
        UpdatedAt = Timestamp.FromDateTimeOffset(UpdatedAt),
        UpdatedBy = UpdatedBy,
    };
}
