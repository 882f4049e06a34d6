using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Minion.Contracts.Faults;
using Minion.Models.Catalog;
using Minion.Yaml;

namespace Minion.Models;

/// <summary>
/// The models that the gateway knows, with their prices: those that are shipped, and a file of the operator's merged over them, which is
/// read again when it changes. A file with errors changes nothing: the last good one stays, and the log has every error.
/// </summary>
public sealed class ModelCatalog
{
    private static readonly Lazy<CatalogFile> Shipped = new(ReadShipped);
    private readonly string? _path;
    private readonly ILogger _logger;
    private (DateTime Written, long Length)? _read;
    private volatile CatalogSnapshot _current;

    /// <param name="path">The operator's file; null when there is none. It need not exist.</param>
    /// <param name="logger">Told of what was read, and of what is wrong.</param>
    /// <exception cref="Fault">FAILED_PRECONDITION: the file has errors; the message has all of them.</exception>
    internal ModelCatalog(string? path, ILogger logger)
    {
        _path = path;
        _logger = logger;
        _current = CatalogMerge.Merge(Shipped.Value, null, new Problems());
        if (Read() is { Count: > 0 } errors)
        {
            throw new Fault(StatusCode.FailedPrecondition, "MODELS_FILE_INVALID", string.Join('\n', errors), "Correct the file of models and start the server again.");
        }
    }

    /// <summary>The catalog as it is now; take it once for each decision.</summary>
    public CatalogSnapshot Current => _current;

    /// <summary>Reads the file when it has changed; a bad one leaves everything as it was.</summary>
    internal void Refresh()
    {
        var before = _current;
        if (Read() is { Count: > 0 } errors)
        {
            LogMessages.CatalogRefused(_logger, _path!, errors.Count == 1 ? "an error" : $"{errors.Count} errors", string.Join('\n', errors));
        }
        else if (before != _current)
        {
            LogMessages.CatalogRead(_logger, _current.All.Count, _path!);
        }
    }

    /// <summary><c>file:line:column path: message</c> for each error of a file that has changed.</summary>
    private IReadOnlyList<string> Read()
    {
        if (_path is null || Stamp() is var stamp && stamp == _read)
        {
            return [];
        }

        _read = stamp;
        if (stamp is null)
        {
            _current = CatalogMerge.Merge(Shipped.Value, null, new Problems());
            return [];
        }

        var problems = new Problems();
        try
        {
            var file = CatalogFileReader.Read(File.ReadAllText(_path, Encoding.UTF8), problems);
            var merged = file is null ? null : CatalogMerge.Merge(Shipped.Value, file, problems);
            if (!problems.Any && merged is not null)
            {
                _current = merged;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(Position.Start, "", $"the file cannot be read: {error.Message}");
        }

        return [.. problems.InOrder.Select(p => $"{_path}:{p.Position.Line}:{p.Position.Column} {p.Path}: {p.Message}")];
    }

    private (DateTime Written, long Length)? Stamp() =>
        new FileInfo(_path!) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;

    private static CatalogFile ReadShipped()
    {
        using var stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream("models.yaml")!;
        using var reader = new StreamReader(stream);
        var problems = new Problems();
        var file = CatalogFileReader.Read(reader.ReadToEnd(), problems);
        CatalogMerge.Merge(file!, null, problems);
        return problems.Any
            ? throw new InvalidOperationException($"The shipped models.yaml is wrong: {string.Join("; ", problems.InOrder.Select(p => $"{p.Position.Line}: {p.Path}: {p.Message}"))}")
            : file!;
    }
}
