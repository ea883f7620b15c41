# One image for the four services and the simulators; the command says which: `python -m carillon_<part>`.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements/tools.txt requirements/services.txt requirements/
RUN python -m venv /opt/carillon \
 && /opt/carillon/bin/pip install --require-hashes -r requirements/services.txt \
 && pip install --require-hashes -r requirements/tools.txt
COPY shared shared
COPY services services
COPY simulators simulators
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir wheels ./shared ./services/* ./simulators/* \
 && /opt/carillon/bin/pip install --no-deps --no-index wheels/*.whl

FROM python:3.11-slim-bookworm
COPY --from=build /opt/carillon /opt/carillon
ENV PATH=/opt/carillon/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CARILLON_HOST=0.0.0.0 CARILLON_PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
