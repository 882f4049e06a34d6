namespace Minion.Bench.Figures;

/// <summary>Every figure, in the order of the table.</summary>
internal static class FigureList
{
    public static IReadOnlyList<IFigure> All { get; } =
        [new UnaryFigure(), new StreamFigure(), new CallFigure(), new StepsFigure(), new WorkersFigure(), new LongRunFigure(), new WakeUpFigure(), new SessionsFigure(), new RolesFigure(), new ModelsFigure(), new McpFigure(), new ToolsFigure(), new SchemasFigure(), new VersionFigure(), new SandboxFigure(), new UpFigure(), new MemoryFigure()];
}
