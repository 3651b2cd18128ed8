FROM python:3.12-slim-bookworm
WORKDIR /srv
COPY backend/requirements.txt /tmp/pip-tmp/
RUN pip3 --disable-pip-version-check --no-cache-dir install -r /tmp/pip-tmp/requirements.txt \
   && rm -rf /tmp/pip-tmp
COPY backend/ /srv/
CMD ["gunicorn", "shop:app"]
