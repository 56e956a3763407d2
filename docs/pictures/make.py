#!/usr/bin/env python3
"""Makes the picture of README.md anew: python3 docs/pictures/make.py

Runs the server's demo on a free port, waits until the outage that it plays is over and its chart is complete, some three minutes, takes the
chart out of the incident's page, and writes it as two files that stand alone: one for light pages, one for dark ones. The chart is the
server's, unchanged; its colours are those of charts.css. With an address, such as http://127.0.0.1:8080, a demo that runs there is asked.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STYLE = ROOT / "src/OutageAggregator.Web/Layout/Assets/charts.css"
INCIDENT = "chatgpt-1"
# At this width every label of the chart shows.
WIDTH, HEIGHT, EDGE = 1000, 348, 16


def read(address):
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read().decode()


def wait_for_the_end(server, seconds=600):
    """The chart goes on for an hour after the outage's end; until then it grows."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            incident = json.loads(read(f"{server}/api/v1/incidents/{INCIDENT}"))
            if not incident["freshness"]["demo"]:
                sys.exit(f"{server} is no demo.")
            if incident["state"] == "resolved" and hours_between(incident["endedAt"], incident["freshness"]["observedAt"]) > 1.1:
                return
        except urllib.error.HTTPError as e:
            if e.code not in (404, 503):
                raise
        time.sleep(2)
    sys.exit(f"{INCIDENT} was not over after {seconds} s.")


def hours_between(first, second):
    seconds = [time.mktime(time.strptime(moment[:19], "%Y-%m-%dT%H:%M:%S")) for moment in (first, second)]
    return (seconds[1] - seconds[0]) / 3600


def chart(server):
    page = read(f"{server}/incidents/{INCIDENT}")
    found = re.search(r'<div class="plot".*?>\s*(<svg .*</svg>)\s*</div>\s*<ul class="legend">', page, re.DOTALL)
    return found.group(1) if found else sys.exit("The incident's page holds no chart.")


def colours(style):
    """The colours of charts.css: of light pages, and of dark ones."""
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return {"light": light, "dark": dark}


def rules(style):
    """All the rest of charts.css, but for what depends on the page's width."""
    style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    style = re.sub(r"@media .*?\n\}\n", "", style, flags=re.DOTALL)
    style = re.sub(r":root \{.*?\n\}", "", style, count=1, flags=re.DOTALL)
    style = re.sub(r"@container .*", "", style)
    return "\n".join(line for line in style.splitlines() if line.strip())


def write(svg):
    style = STYLE.read_text()
    svg = svg.replace('width="100%"', f'x="{EDGE}" y="{EDGE}" width="{WIDTH}"', 1)
    size = (WIDTH + 2 * EDGE, HEIGHT + 2 * EDGE)
    for scheme, values in colours(style).items():
        text = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" viewBox="0 0 {size[0]} {size[1]}">\n'
            f"<style>\n:root {{{values}}}\n{rules(style)}\n</style>\n"
            f'<rect width="100%" height="100%" fill="var(--paper)"/>\n{svg}\n</svg>\n')
        xml.etree.ElementTree.fromstring(text)
        file = HERE / f"chatgpt-2024-11-08-{scheme}.svg"
        file.write_text(text)
        print(file.relative_to(ROOT))


def main():
    if len(sys.argv) > 1:
        wait_for_the_end(sys.argv[1])
        write(chart(sys.argv[1]))
        return
    subprocess.run(["dotnet", "build", "src/OutageAggregator.Server", "-c", "Release", "-v", "quiet", "--nologo"], cwd=ROOT, check=True)
    program = ROOT / "src/OutageAggregator.Server/bin/Release/net10.0/OutageAggregator.Server.dll"
    with tempfile.TemporaryDirectory() as data:
        command = ["dotnet", str(program), "--demo", "--data", data, "--urls", "http://127.0.0.1:0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = next((found.group(1) for line in server.stdout if (found := re.search(r"is at (http://\S+?)[,\s]", line))), None)
                if address is None:
                    sys.exit("The server did not start.")
                wait_for_the_end(address)
                write(chart(address))
            finally:
                server.terminate()
                server.communicate()


main()
