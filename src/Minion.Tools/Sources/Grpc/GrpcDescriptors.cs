using System.IO.Enumeration;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Minion.Tools.Sources.Grpc;

/// <summary>Reads descriptor sets: the methods that they describe.</summary>
internal static class GrpcDescriptors
{
    private const int MostMethods = 300;

    /// <exception cref="ToolSourceException">It is none, lacks files that others need, or has no such methods.</exception>
    public static IReadOnlyList<MethodDescriptor> Read(byte[] bytes, IReadOnlyList<string> wanted)
    {
        IReadOnlyList<FileDescriptor> files;
        try
        {
            var set = FileDescriptorSet.Parser.ParseFrom(bytes);
            files = FileDescriptor.BuildFromByteStrings(InOrder(set).Select(file => file.ToByteString()));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException or DescriptorValidationException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ToolSourceException("The descriptor set cannot be read; make it with protoc --include_imports --descriptor_set_out.", exception);
        }

        var methods = files.SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .Where(method => !method.IsClientStreaming && (wanted.Count == 0 || wanted.Any(pattern => Fits(pattern, method))))
            .ToList();
        return methods.Count switch
        {
            0 => throw new ToolSourceException("The descriptor set has no methods that can be called (those whose client sends a stream cannot)."),
            > MostMethods => throw new ToolSourceException($"The descriptor set has {methods.Count} methods, more than {MostMethods}; name those that are wanted under 'methods'."),
            _ => methods,
        };
    }

    /// <summary>Whether a pattern means the method, by <c>package.Service/Method</c> or by the method's name alone.</summary>
    public static bool Fits(string pattern, MethodDescriptor method) =>
        FileSystemName.MatchesSimpleExpression(pattern, $"{method.Service.FullName}/{method.Name}") || FileSystemName.MatchesSimpleExpression(pattern, method.Name);

    // What a file imports must stand before it; circles are refused by the builder.
    private static List<FileDescriptorProto> InOrder(FileDescriptorSet set)
    {
        var byName = set.File.DistinctBy(file => file.Name, StringComparer.Ordinal).ToDictionary(file => file.Name, StringComparer.Ordinal);
        var (ordered, seen) = (new List<FileDescriptorProto>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var file in byName.Values)
        {
            Add(file);
        }

        return ordered;

        void Add(FileDescriptorProto file)
        {
            if (seen.Count > 2000 || !seen.Add(file.Name))
            {
                return;
            }

            foreach (var import in file.Dependency.Where(byName.ContainsKey))
            {
                Add(byName[import]);
            }

            ordered.Add(file);
        }
    }
}
